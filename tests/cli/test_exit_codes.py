"""What the process tells its caller."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import Frontdesk


def test_version_is_printed(frontdesk: Frontdesk) -> None:
    ran = frontdesk("--version")
    assert (ran.code, ran.err) == (0, "")
    assert re.fullmatch(r"frontdesk \d+\.\d+\.\d+(?:\.dev\d+)?\n", ran.out)


def test_version_loads_nothing_heavy(frontdesk: Frontdesk) -> None:
    code = (
        "import sys, bot.cli.entry as entry\n"
        "try:\n    entry.run(['--version'])\n"
        "except SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'pydantic', 'sqlalchemy', 'onnxruntime', 'torch', 'slack_sdk',"
        " 'discord', 'prompt_toolkit', 'ruamel'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [frontdesk.command[0], "-c", code],
        env=dict(frontdesk.environment),
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["check", "--nonsense"], ["ask"], ["import", "csv", "x.csv"], ["import"], []],
    ids=" ".join,
)
def test_wrong_usage_is_2(frontdesk: Frontdesk, arguments: list[str]) -> None:
    ran = frontdesk(*arguments)
    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_mistyped_command_is_answered_with_the_right_one(frontdesk: Frontdesk) -> None:
    assert "Did you mean 'train'" in frontdesk("tarin").err


def test_what_the_admin_must_mend_is_1_with_the_place(frontdesk: Frontdesk) -> None:
    (frontdesk.folder / "config.yaml").write_text("responder:\n  bto: Robin\n")
    ran = frontdesk("check")
    assert ran.code == 1
    assert 'config.yaml:2:3: responder.bto: unknown key: did you mean "bot"?' in ran.out


@pytest.mark.parametrize("command", ["train", "chat", "serve", "test", "models"])
def test_broken_config_stops_every_command_without_a_traceback(
    frontdesk: Frontdesk, command: str
) -> None:
    (frontdesk.folder / "config.yaml").write_text("responder: [\n")
    ran = frontdesk(command)
    assert (ran.code, ran.out) == (1, "")
    assert "config.yaml:" in ran.err
    assert "Traceback" not in ran.err


def test_config_that_is_not_there_is_named(frontdesk: Frontdesk) -> None:
    ran = frontdesk("train", "--config", "missing.yaml")
    assert ran.code == 1
    assert ran.err.startswith("missing.yaml: ")


def test_bug_is_3_and_leaves_a_log_file(frontdesk: Frontdesk) -> None:
    """A library that is broken stands for a bug."""
    broken = frontdesk.folder / "broken"
    broken.mkdir()
    (broken / "structlog.py").write_text("raise RuntimeError('kaputt')")
    path = f"{broken}{os.pathsep}{frontdesk.environment['PYTHONPATH']}"
    ran = Frontdesk(frontdesk.folder, {**frontdesk.environment, "PYTHONPATH": path}).anew("check")
    assert (ran.code, ran.out) == (3, "")
    assert "Traceback" not in ran.err
    found = re.search(r"The details are in (\S+):", ran.err)
    assert found is not None
    log = Path(found[1]).read_text()
    assert "RuntimeError: kaputt" in log
    assert log.startswith("frontdesk 0.")


def test_log_file_of_a_bug_is_found_although_the_home_cannot_be_written(
    frontdesk: Frontdesk,
) -> None:
    broken = frontdesk.folder / "broken"
    broken.mkdir()
    (broken / "structlog.py").write_text("raise RuntimeError('kaputt')")
    blocked = frontdesk.folder / "file"
    blocked.touch()
    environment = {
        **frontdesk.environment,
        "PYTHONPATH": f"{broken}{os.pathsep}{frontdesk.environment['PYTHONPATH']}",
        "XDG_STATE_HOME": str(blocked),
        "TMPDIR": str(frontdesk.folder),
    }
    ran = Frontdesk(frontdesk.folder, environment).anew("check")
    assert ran.code == 3
    assert len(list(frontdesk.folder.glob("frontdesk-*/*.log"))) == 1


def test_interrupted_is_130(copied: Frontdesk) -> None:
    (copied.folder / "config.yaml").write_text("gpt: {base_url: 'http://127.0.0.1:9'}\n")
    fifo = copied.folder / "rows.csv"
    os.mkfifo(fifo)
    with subprocess.Popen(  # noqa: S603 - our own program
        [*copied.command, "eval", str(fifo)],
        cwd=copied.folder,
        env=dict(copied.environment),
        stderr=subprocess.PIPE,
    ) as process:
        with fifo.open("w"):  # opens when the command reads, and keeps it waiting
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=90) == 130
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
