"""What customers wrote, and what was learned from it, can be read by its owner alone."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.config.schema import Config, load_config
from bot.errors import ConfigError
from bot.files.private_files import hand_over, private_folder, protect_tree, write_private
from bot.operations.file_modes import protect_files
from bot.privacy.erasure_log import ErasureLog
from bot.publishing.edits import Edits, write
from bot.storage import Database, open_database
from bot.storage.backup import back_up
from bot.understanding.model.pointer import Pointer
from bot.understanding.model.registry import ModelRegistry
from tests.cli.command import Frontdesk
from tests.cli.conftest import environment
from tests.privacy.people import ANN, talk

__all__ = ["environment"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    """Let every file be open to everybody that nobody protects."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """The modes of a folder and of all below it."""
    paths = [folder, *folder.rglob("*")]
    return {
        path.relative_to(folder.parent).as_posix(): f"{path.stat().st_mode & 0o777:o}"
        for path in paths
    }


async def written(database: Database) -> Database:
    await talk(database, ANN, "xyzzy", at=SystemClock().now())
    return database


async def test_database_and_its_side_files_are_their_owners(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/.frontdesk/deep/frontdesk.db"
    async with await open_database(url) as database:
        await written(database)
        assert modes(tmp_path / ".frontdesk") == {
            ".frontdesk": "700",
            ".frontdesk/deep": "700",
            ".frontdesk/deep/frontdesk.db": "600",
            ".frontdesk/deep/frontdesk.db-wal": "600",
            ".frontdesk/deep/frontdesk.db-shm": "600",
        }


async def test_a_database_of_0_1_is_closed_when_it_is_opened(tmp_path: Path) -> None:
    folder = tmp_path / ".frontdesk"
    folder.mkdir()
    file = folder / "frontdesk.db"
    left = sqlite3.connect(file)  # as a service that was killed leaves it: with its side files
    left.execute("PRAGMA journal_mode = WAL")
    left.execute("CREATE TABLE old (x)")
    assert set(modes(folder).values()) == {"777", "644"}
    async with await open_database(f"sqlite:///{file}") as database:
        await written(database)
        assert {mode for name, mode in modes(folder).items() if "frontdesk.db" in name} == {"600"}
        assert modes(folder)[".frontdesk"] == "700"
    left.close()


async def test_a_group_may_be_let_in_for_backups(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/.frontdesk/frontdesk.db"
    for mode, expected in ((0o600, {"600", "700"}), (0o640, {"640", "750"})):
        async with await open_database(url, mode=mode) as database:
            await back_up(database, tmp_path / f"{mode}" / "copy.db")
            assert set(modes(tmp_path / ".frontdesk").values()) == expected
            assert set(modes(tmp_path / f"{mode}").values()) == expected


async def test_a_folder_that_holds_other_things_keeps_its_mode(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    async with await open_database(f"sqlite:///{shared}/frontdesk.db"):
        assert modes(shared)["shared"] == "777"
        assert modes(shared)["shared/frontdesk.db"] == "600"


@pytest.mark.parametrize(
    ("written", "read"),
    [("'0640'", 0o640), ("0640", 0o640), ("640", 0o640), ('"0600"', 0o600), ("0660", 0o660)],
)
def test_the_mode_of_the_database_is_read_as_chmod_takes_it(
    tmp_path: Path, written: str, read: int
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"database_mode: {written}\n")
    assert load_config(config, {}).database_mode == read


@pytest.mark.parametrize("wrong", ["0644", "0666", "0440", "0700", "u=rw", "999", "true"])
def test_a_mode_that_lets_everybody_in_or_the_owner_out_is_refused(
    tmp_path: Path, wrong: str
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"database_mode: {wrong}\n")
    with pytest.raises(ConfigError, match=r'config.yaml:1:16: database_mode: .*write "0600"'):
        load_config(config, {})


def test_commands_use_the_mode_of_config(tmp_path: Path, environment: dict[str, str]) -> None:
    (tmp_path / "config.yaml").write_text('database_mode: "0640"\n')
    frontdesk = Frontdesk(tmp_path, environment)
    for command in (["db", "upgrade"], ["cases"]):
        assert frontdesk(*command).code == 0
        assert modes(tmp_path / ".frontdesk")[".frontdesk/frontdesk.db"] == "640"


async def test_exports_are_their_owners(tmp_path: Path, environment: dict[str, str]) -> None:
    async with await open_database(f"sqlite:///{tmp_path}/.frontdesk/frontdesk.db") as database:
        await written(database)
    frontdesk = Frontdesk(tmp_path, environment)
    (tmp_path / "old.csv").write_text("open to everybody")
    for command in (
        ["export", "messages", "-o", "out/messages.csv"],
        ["export", "messages", "-o", "old.csv"],
        ["privacy", "export", "--user", ANN, "--to", "ann.json"],
        ["db", "backup", "copies/monday.db"],
    ):
        ran = frontdesk(*command)
        assert ran.code == 0, ran.err
    assert modes(tmp_path / "out") == {"out": "700", "out/messages.csv": "600"}
    assert modes(tmp_path / "copies") == {"copies": "700", "copies/monday.db": "600"}
    assert modes(tmp_path / "ann.json") == {"ann.json": "600"}
    assert modes(tmp_path / "old.csv") == {"old.csv": "600"}


def test_a_log_of_a_bug_is_its_owners(tmp_path: Path, environment: dict[str, str]) -> None:
    program = (
        "import sys; from pathlib import Path; from bot.cli import entry;"
        "entry._report_bug(ValueError('x'), ['ask', 'secret words'])"
    )
    import subprocess
    import sys

    logs = tmp_path / "state"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program],
        env=environment | {"XDG_STATE_HOME": str(logs)},
        capture_output=True,
        check=True,
    )
    assert b"The details are in" in done.stderr
    assert {mode for name, mode in modes(logs).items() if name.endswith(".log")} == {"600"}
    assert set(modes(logs).values()) == {"600", "700"}


def test_a_version_of_a_model_is_its_owners(tmp_path: Path) -> None:
    folder = ModelRegistry(tmp_path / "model")
    with folder.staging() as staged:
        (staged / "multilingual").mkdir()
        (staged / "multilingual" / "head.json").write_text("{}")
        assert modes(folder.path)["model"] == "700"
        protect_tree(staged)
        assert set(modes(staged).values()) == {"600", "700"}
    Pointer(folder.path).move("one")
    assert modes(folder.path)["model/current"] == "600"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write for others")
def test_what_root_trains_belongs_to_the_owner_of_the_folder(tmp_path: Path) -> None:
    model = tmp_path / "model"
    (model / "new" / "sub").mkdir(parents=True)
    (model / "new" / "sub" / "head.json").write_text("{}")
    os.chown(model, 12_345, 12_346)
    hand_over(model / "new", model)
    Pointer(model).move("new")
    assert {path.stat().st_uid for path in model.rglob("*")} == {12_345}
    assert {path.stat().st_gid for path in model.rglob("*")} == {12_346}


def test_files_of_0_1_are_closed_at_the_start(tmp_path: Path) -> None:
    model, outside = tmp_path / "model", tmp_path / "outside.txt"
    outside.write_text("not ours")
    (model / "versions" / "one").mkdir(parents=True)
    for name in ("current", "attempt.json", "versions/one/examples.json", "full-training.log"):
        (model / name).write_text("words of customers")
    (model / "versions" / "link").symlink_to(outside)
    ledger = tmp_path / "erasures.jsonl"
    ErasureLog(ledger).note("slack:T:U", SystemClock().now())
    ledger.chmod(0o644)
    config = Config.model_validate(
        {"model": model, "privacy": {"ledger": ledger}, "intents": tmp_path / "intents"}
    )
    protect_files(config)
    assert {mode for name, mode in modes(model).items() if "link" not in name} == {"600", "700"}
    assert modes(ledger) == {"erasures.jsonl": "600"}
    assert modes(outside) == {"outside.txt": "666"}


def test_a_folder_that_holds_no_models_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "mine.txt").write_text("mine")
    protect_files(Config.model_validate({"model": tmp_path / "project"}))
    assert modes(tmp_path / "project") == {"project": "777", "project/mine.txt": "666"}


def test_an_open_file_is_closed_before_anything_is_written(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b")
    file = tmp_path / "a" / "b" / "c.json"
    file.write_text("old and long")
    write_private(file, "new")
    assert file.read_text() == "new"
    assert modes(tmp_path / "a") == {"a": "700", "a/b": "700", "a/b/c.json": "600"}


def test_nothing_is_written_past_the_helper() -> None:
    """A module that writes files by itself is listed here with the reason."""
    listed = {
        "bot/files/private_files.py": "the helper",
        "bot/cli/commands/init.py": "the admin's own files",
        "bot/cli/commands/schema.py": "our JSON Schema",
        "bot/understanding/exchange/writing.py": "intent files, which admins edit",
        "bot/cli/commands/import_.py": "conversation files, which admins edit",
        "bot/app/conversation_tests/recording.py": "conversation files, which admins edit",
        "bot/cli/junit.py": "a report of tests, for other programs",
        "bot/cli/commands/privacy.py": "touches a file that must not exist yet, with its mode",
        "adapters/terminal/live.py": "a file that is protected before",
        "bot/publishing/model_refs.py": "a temporary folder",
        "bot/publishing/routing.py": "a temporary folder",
        "bot/publishing/edits.py": "intent files and articles, which admins edit",
        # Versions of models, in a staging folder that `ModelRegistry.add` protects:
        "bot/answering/knowledge/index_files.py": "a version",
        "bot/publishing/snapshot.py": "a version",
        "bot/understanding/model/english_words.py": "a version",
        "bot/understanding/encoders/encoder.py": "a version",
        "bot/understanding/encoders/cache.py": "protected before it is renamed",
        "bot/understanding/model/neighbours.py": "a version",
        "bot/understanding/model/registry.py": "a version",
        "bot/understanding/encoders/multilingual.py": "a version",
        "bot/understanding/training/reuse.py": "a version",
        "bot/understanding/model/scorer.py": "a version",
        "bot/understanding/model/example_probabilities.py": "a version",
        "bot/understanding/model/clause_head.py": "a version",
        "bot/understanding/model/attitude_head.py": "a version",
        "bot/understanding/model/feelings_head.py": "a version",
        "bot/understanding/encoders/accurate.py": "a public encoder, which `make` fetches",
        "bot/understanding/encoders/export/use_multilingual.py": "a version",
    }
    writes = re.compile(
        r"\.write_(?:text|bytes)\(|\.mkdir\(|\.touch\(|open\([^)\n]*[\"'][wax]b?[\"']"
    )
    found = {
        path.relative_to(ROOT).as_posix()
        for path in [*ROOT.glob("bot/**/*.py"), *ROOT.glob("adapters/**/*.py")]
        if writes.search(path.read_text("utf-8"))
    }
    assert found == set(listed)


def test_copies_of_intents_that_learning_makes_are_their_owners(tmp_path: Path) -> None:
    intents = tmp_path / "intents.yaml"
    intents.write_text("version: 1\n")
    edits = Edits({intents: "version: 1\n"}, {intents: "version: 1 # learned\n"})
    mode = intents.stat().st_mode
    copies = write(Config(model=tmp_path / "model"), edits, SystemClock().now())
    assert set(modes(tmp_path / "model").values()) == {"600", "700"}
    assert (copies / "intents.yaml").read_text() == "version: 1\n"
    assert (intents.read_text(), intents.stat().st_mode) == ("version: 1 # learned\n", mode)
