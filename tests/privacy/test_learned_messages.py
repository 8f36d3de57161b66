"""Approved messages of a person are handed out, erased, and deleted when they are too old."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.clock import SystemClock
from bot.config.sections import RetentionConfig
from bot.errors import StorageError
from bot.operations.retention_job import FIRST, RetentionJob, prune_learned
from bot.privacy.erasure_log import ErasureLog
from bot.privacy.subject_requests import SubjectRequests
from bot.storage import Database, open_database
from bot.understanding.traffic.learned_file import (
    Learned,
    LearnedMessages,
    learned_path,
    read_learned,
    write_learned,
)
from bot.understanding.traffic.personal import LearnedOfPeople
from tests.cli.command import Frontdesk
from tests.cli.conftest import environment
from tests.delivery.support import START, MovableClock
from tests.privacy.people import ANN, BOB, talk

__all__ = ["environment"]

DAY = START.date()


def write(folder: Path, ledger: ErasureLog, *, age: int = 0) -> Path:
    """Write a message of Ann and one of Bob, so many days before the start."""
    path, written = learned_path(folder), DAY - timedelta(days=age)
    rows = (
        Learned("refund", "xyzzy gimme my money", written, ledger.mark(ANN)),
        Learned("refund", "plugh gimme my money", written, ledger.mark(BOB)),
    )
    write_learned(path, LearnedMessages(ledger.identity(), rows))
    return path


def texts(path: Path) -> list[str]:
    return [row.text for row in read_learned(path).rows]


@pytest.fixture
def ledger(tmp_path: Path) -> ErasureLog:
    return ErasureLog(tmp_path / "erasures.jsonl")


def granting(database: Database, path: Path, ledger: ErasureLog) -> SubjectRequests:
    files = [LearnedOfPeople(path, ledger)]
    return SubjectRequests(database, ledger, SystemClock(), "cli:root", files)


async def test_an_export_has_the_approved_messages_of_the_person(
    database: Database, tmp_path: Path, ledger: ErasureLog
) -> None:
    requests = granting(database, write(tmp_path, ledger), ledger)

    assert (await requests.counts(ANN))["learned"] == 1
    assert (await requests.export(ANN))["learned"] == [
        {"intent": "refund", "text": "xyzzy gimme my money", "written": DAY.isoformat()}
    ]


async def test_who_is_forgotten_is_erased_from_the_approved_messages(
    database: Database, tmp_path: Path, ledger: ErasureLog
) -> None:
    await talk(database, ANN, "xyzzy")
    path = write(tmp_path, ledger)

    erased = await granting(database, path, ledger).forget(ANN)

    assert (erased["learned"], erased["messages"]) == (1, 2)
    assert texts(path) == ["plugh gimme my money"]
    assert ANN not in path.read_text()
    with pytest.raises(StorageError, match="nothing is stored"):
        await granting(database, path, ledger).counts(ANN)


async def test_who_is_known_by_an_approved_message_alone_can_be_forgotten(
    database: Database, tmp_path: Path, ledger: ErasureLog
) -> None:
    path = write(tmp_path, ledger)
    assert (await granting(database, path, ledger).forget(ANN))["learned"] == 1
    assert texts(path) == ["plugh gimme my money"]


async def test_a_restored_file_forgets_again_who_was_forgotten(
    database: Database, tmp_path: Path, ledger: ErasureLog
) -> None:
    path = write(tmp_path, ledger)
    backup = path.read_bytes()
    requests = granting(database, path, ledger)
    await requests.forget(ANN)
    path.write_bytes(backup)

    assert await requests.reapply() == 1
    assert texts(path) == ["plugh gimme my money"]
    assert await requests.reapply() == 0


async def test_nobody_is_searched_with_another_erasure_log(
    database: Database, tmp_path: Path, ledger: ErasureLog
) -> None:
    path = write(tmp_path, ledger)
    another = ErasureLog(tmp_path / "another.jsonl")
    await talk(database, ANN, "xyzzy")

    with pytest.raises(StorageError, match=r"another erasure log.*privacy\.ledger"):
        await granting(database, path, another).forget(ANN)

    assert (await granting(database, path, ledger).counts(ANN))["messages"] == 2


async def test_a_damaged_file_keeps_nobody_half_forgotten(
    database: Database, tmp_path: Path, ledger: ErasureLog
) -> None:
    path = write(tmp_path, ledger)
    path.write_text("intents: {")
    await talk(database, ANN, "xyzzy")

    with pytest.raises(StorageError, match=r"learned\.yaml"):
        await granting(database, path, ledger).forget(ANN)

    path.unlink()
    assert (await granting(database, path, ledger).counts(ANN))["messages"] == 2


def test_marks_are_no_ids_and_of_one_log_only(tmp_path: Path, ledger: ErasureLog) -> None:
    another = ErasureLog(tmp_path / "another.jsonl")
    assert ledger.mark(ANN) == ledger.mark(ANN) != another.mark(ANN)
    assert ledger.identity() != another.identity()
    ledger.note(ANN, START)
    assert ledger.marks() == {ledger.mark(ANN): START}


def test_approved_messages_that_are_too_old_are_deleted(tmp_path: Path, ledger: ErasureLog) -> None:
    path = write(tmp_path, ledger, age=10)

    assert prune_learned(tmp_path, RetentionConfig(learned=0), START) == 0
    assert prune_learned(tmp_path, RetentionConfig(learned=10), START) == 0
    assert prune_learned(tmp_path, RetentionConfig(learned=9), START) == 2
    assert not path.exists()


async def test_a_running_service_deletes_them_and_reports_a_damaged_file(
    sqlite: Database, tmp_path: Path, ledger: ErasureLog
) -> None:
    path = write(tmp_path, ledger, age=400)
    clock = MovableClock()
    job = RetentionJob(sqlite, RetentionConfig(), clock, tmp_path)
    running = asyncio.create_task(job.run())
    await _until(lambda: bool(clock.sleeping))
    clock.move(FIRST)
    await _until(lambda: bool(clock.sleeping))
    assert not path.exists()

    path.write_text("oops")
    with capture_logs() as logs:
        clock.move(3600)
        await _until(lambda: bool(logs))
    assert logs[0]["event"] == "old approved messages not deleted"
    running.cancel()
    await asyncio.wait([running])


async def _until(condition: object) -> None:
    assert callable(condition)
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - a thread makes it true
            await asyncio.sleep(0.005)


async def test_commands_export_forget_prune_and_back_up(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    frontdesk = Frontdesk(tmp_path, environment)
    folder = tmp_path / ".frontdesk"
    async with await open_database(f"sqlite:///{folder}/frontdesk.db") as database:
        await talk(database, ANN, "xyzzy", at=SystemClock().now())
    path = write(folder / "model", ErasureLog(folder / "erasures.jsonl"))

    assert frontdesk("db", "backup", "monday.db").code == 0
    copy = tmp_path / "monday.learned.yaml"
    assert copy.read_bytes() == path.read_bytes()
    assert copy.stat().st_mode & 0o077 == 0
    exported = frontdesk("privacy", "export", "--user", ANN, "--json").json()
    assert exported["learned"][0]["text"] == "xyzzy gimme my money"
    forgotten = frontdesk("privacy", "forget", "--user", ANN, "--yes", "--json")
    assert json.loads(forgotten.out)["learned"] == 1
    path.write_bytes(copy.read_bytes())
    assert "people erased again: 1" in frontdesk("privacy", "reapply").out
    assert texts(path) == ["plugh gimme my money"]
    (tmp_path / "config.yaml").write_text("retention: {learned: 1}\n")
    assert frontdesk("db", "prune", "--json").json()["learned"] == 1
    assert not path.exists()
