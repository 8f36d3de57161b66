"""Runs the command as a user would: in a process, a folder and an environment of its own."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.cli.preloaded"])
"""Commands begin as copies of a process that has imported everything, which takes seconds."""

LONGEST = 110
"""Seconds that a command may take."""

TYPED = 65_536
"""Bytes that can be typed before a command reads."""


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - whatever the command printed
        """Parse standard output."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Frontdesk:
    """The command, in a folder and an environment."""

    folder: Path
    environment: Mapping[str, str]

    def __call__(self, *arguments: str, typed: str = "") -> Ran:
        """Run it to its end."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            given = (arguments, self.folder, dict(self.environment), typed.encode(), out, err)
            process = PROCESSES.Process(target=_run, args=given)
            process.start()
            process.join(LONGEST)
            if process.exitcode is None:
                process.kill()
                raise TimeoutError(f"{arguments}: {out.read_text()}\n{err.read_text()}")
            return Ran(process.exitcode, out.read_bytes().decode(), err.read_bytes().decode())

    def anew(self, *arguments: str) -> Ran:
        """Run it in an interpreter that has imported nothing yet."""
        done = subprocess.run(  # noqa: S603 - our own program
            [*self.command, *arguments],
            cwd=self.folder,
            env=dict(self.environment),
            capture_output=True,
            timeout=LONGEST,
            check=False,
            text=True,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    @property
    def command(self) -> list[str]:
        """How it is started."""
        return [sys.executable, "-m", "bot.cli"]


def _run(
    arguments: tuple[str, ...],
    folder: Path,
    environment: Mapping[str, str],
    typed: bytes,
    out: Path,
    err: Path,
) -> None:
    """Become the command."""
    from bot.cli.entry import main

    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    reading, writing = os.pipe()
    assert len(typed) <= TYPED
    os.write(writing, typed)
    os.close(writing)
    os.dup2(reading, 0)
    for descriptor, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND), descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process
    sys.argv = ["frontdesk", *arguments]
    main()
