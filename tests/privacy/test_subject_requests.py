"""A person's data is handed out whole, and erased without remains."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from bot.clock import SystemClock
from bot.delivery import SqliteInbox, accepting, open_inbox
from bot.errors import ClaimLost, StorageError
from bot.messages import Event
from bot.privacy.erasure_log import ErasureLog
from bot.privacy.subject_requests import SubjectRequests
from bot.sentiment import Sentiment
from bot.storage import Database, StoredTranscripts, open_database
from bot.storage.audit import record_audit
from bot.storage.erasure import ANONYMISED, IMPERSONAL, PERSONAL
from bot.storage.tables import audit, conversations, decisions, metadata, spend
from bot.storage.transcripts import record
from tests.delivery.support import START, MovableClock, outcome, received
from tests.privacy.people import ANN, BOB, by, talk

ANNS, BOBS = "xyzzy-annabel", "plugh-robert"


@pytest.fixture
def requests(database: Database, tmp_path: Path) -> SubjectRequests:
    return granting(database, tmp_path)


def granting(database: Database, folder: Path) -> SubjectRequests:
    return SubjectRequests(
        database, ErasureLog(folder / "erasures.jsonl"), SystemClock(), "cli:root"
    )


async def rows(database: Database, table: Table) -> list[dict[str, Any]]:
    async with database.read() as connection:
        return [dict(row) for row in (await connection.execute(select(table))).mappings()]


async def count(database: Database, table: Table) -> int:
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


def bytes_on_disk(database: Database) -> bytes:
    assert database.path is not None
    files = sorted(database.path.parent.glob(f"{database.path.name}*"))
    return b"".join(file.read_bytes() for file in files)


def test_every_table_is_known_to_hold_personal_data_or_not() -> None:
    known = {*PERSONAL, *ANONYMISED, *IMPERSONAL}

    assert set(metadata.tables.values()) == known, "say in erasure.py what the new table holds"


async def test_an_export_has_something_from_every_table(requests: SubjectRequests) -> None:
    await talk(requests.database, ANN, ANNS)
    await talk(requests.database, BOB, BOBS)

    stored = await requests.export(ANN)

    assert {name for name, found in stored.items() if found} == {
        table.name for table in (*PERSONAL, *ANONYMISED)
    }
    assert ANNS in repr(stored)
    assert BOBS not in repr(stored)
    assert [row["text"] for row in stored["messages"]] == [
        f"{ANNS} where is my parcel",
        f"{ANNS} is on its way",
    ]


async def test_how_somebody_felt_is_exported_and_erased_with_the_decision(
    requests: SubjectRequests,
) -> None:
    said = by(ANN, 1, f"{ANNS} where is my parcel")
    given = outcome(said)
    felt = replace(given.decision, sentiment=Sentiment(0.8125, 0.0625))
    answered = [(said, replace(given, decision=felt))]
    await requests.database.write(partial(record, answered=answered, at=START))

    (exported,) = (await requests.export(ANN))["decisions"]
    assert exported["sentiment"] == {"frustrated": 0.8125, "pleased": 0.0625}

    await requests.forget(ANN)
    assert "0.8125" not in repr(await rows(requests.database, decisions))


async def test_an_export_of_nobody_is_an_error_with_a_remedy(requests: SubjectRequests) -> None:
    with pytest.raises(StorageError, match="platform:workspace:user_id"):
        await requests.export("test:team:nobody")


async def test_people_are_found_by_their_id_alone(requests: SubjectRequests) -> None:
    await talk(requests.database, ANN, ANNS)

    assert await requests.find("ann") == [ANN]
    assert await requests.find("%") == []


async def test_who_is_forgotten_is_in_no_table_and_others_stay(requests: SubjectRequests) -> None:
    await talk(requests.database, ANN, ANNS)
    await talk(requests.database, BOB, BOBS)
    bobs = await requests.export(BOB)

    erased = await requests.forget(ANN)

    everything = [await rows(requests.database, table) for table in metadata.sorted_tables]
    for trace in (ANN, ANNS, "dm-ann"):
        assert trace not in repr(everything)
    assert await requests.export(BOB) == bobs
    assert erased == {table.name: 1 for table in (*PERSONAL, *ANONYMISED, conversations)} | {
        "messages": 2,
        "accepted": 3,
        "cases": 2,
    }


async def test_what_was_spent_stays_without_the_person(requests: SubjectRequests) -> None:
    await talk(requests.database, ANN, ANNS)

    await requests.forget(ANN)

    (row,) = await rows(requests.database, spend)
    assert (row["cost"], row["author"], row["message"]) == (0.25, "", "")


async def test_the_audit_tells_that_somebody_was_forgotten_and_not_who(
    requests: SubjectRequests,
) -> None:
    await talk(requests.database, ANN, ANNS)

    await requests.forget(ANN)

    (row,) = await rows(requests.database, audit)
    assert (row["actor"], row["action"], row["detail"]["messages"]) == ("cli:root", "forget", 2)
    assert "ann" not in repr(row)


async def test_what_a_member_of_staff_did_stays_when_they_are_forgotten(
    requests: SubjectRequests,
) -> None:
    await talk(requests.database, ANN, ANNS)
    await requests.database.write(partial(record_audit, actor=ANN, action="pause", at=START))

    await requests.forget(ANN)

    assert [row["actor"] for row in await rows(requests.database, audit)] == [
        "forgotten",
        "cli:root",
    ]


async def test_a_conversation_goes_on_for_those_who_stay(requests: SubjectRequests) -> None:
    database = requests.database
    for number, key in enumerate((ANN, BOB)):
        event = by(key, number, f"{key} in the thread", "test:app:shared:1")
        await database.write(partial(record, answered=[(event, outcome(event))], at=START))

    await requests.forget(ANN)

    known = await StoredTranscripts(database).conversation(
        "test:app:shared:1", received(0).message.author
    )
    assert [line.text for line in known.lines] == [f"{BOB} in the thread", "fine"]


async def test_no_byte_of_the_files_remembers_while_a_service_runs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/db/frontdesk.db"
    async with await open_database(url) as service, SqliteInbox(service, SystemClock()) as inbox:
        for number in range(200):  # pages that split and empty again leave old copies behind
            await talk_once(inbox, by(ANN, number, f"{ANNS} {number} " + "lorem " * 40))
        await talk(service, BOB, BOBS)
        await service.write(partial(accepting.put, coming=[(by(ANN, 999, ANNS), "")], now=START))
        _leave_remains(service, ANNS)
        assert bytes_on_disk(service).count(ANNS.encode()) > 200

        async with await open_database(url) as database:
            await granting(database, tmp_path).forget(ANN)

        left = bytes_on_disk(service)
        for trace in (ANN, ANNS, "dm-ann"):
            assert trace.encode() not in left
        assert BOBS.encode() in left
        await talk_once(inbox, by(BOB, 50, "life goes on"))


def _leave_remains(database: Database, marker: str) -> None:
    """Write and delete as most builds of SQLite do: what was deleted stays in free pages."""
    with closing(sqlite3.connect(str(database.path), isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = OFF").fetchone()
        connection.execute("CREATE TABLE scrap (text)")
        rows = [(f"{marker} scrap {number} " * 20,) for number in range(300)]
        connection.executemany("INSERT INTO scrap VALUES (?)", rows)
        connection.execute("DROP TABLE scrap")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


async def talk_once(inbox: SqliteInbox, event: Event) -> None:
    await inbox.accept(event)
    claim = await inbox.claim()
    await inbox.finish(claim, outcome(claim.event, f"about: {claim.event.message.text}"))


async def test_an_answer_under_way_to_who_is_forgotten_is_not_written_down(
    requests: SubjectRequests,
) -> None:
    async with open_inbox(requests.database, SystemClock()) as inbox:
        await inbox.accept(by(ANN, 1, ANNS, "test:app:shared:1"))
        await inbox.accept(by(ANN, 2, ANNS, "test:app:shared:1"))
        await inbox.accept(by(BOB, 3, BOBS, "test:app:shared:1"))
        claim = await inbox.claim()

        await requests.forget(ANN)

        with pytest.raises(ClaimLost):
            await inbox.finish(claim, outcome(claim.event))
        async with asyncio.timeout(10):  # the conversation goes on
            assert (await inbox.claim()).event.message.author.key == BOB


async def test_remains_that_could_not_be_overwritten_are_told(
    tmp_path: Path, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.backup.BUSY_SECONDS", 0.05)
    await talk(sqlite, ANN, ANNS)
    reading = sqlite3.connect(str(sqlite.path), isolation_level=None)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM messages").fetchone()

    with pytest.raises(StorageError, match="frontdesk db vacuum"):
        await granting(sqlite, tmp_path).forget(ANN)

    reading.close()


# --- backups and the ledger --------------------------------------------------------------------


async def test_a_restored_backup_forgets_again_who_was_forgotten(tmp_path: Path) -> None:
    async with await open_database(f"sqlite:///{tmp_path}/restored.db") as restored:
        requests = granting(restored, tmp_path)
        await talk(restored, ANN, ANNS)
        await talk(restored, BOB, BOBS)
        requests.ledger.note(ANN, SystemClock().now())

        assert await requests.reapply() == 1

        left = bytes_on_disk(restored)
        assert ANNS.encode() not in left
        assert BOBS.encode() in left
        assert await requests.reapply() == 0


async def test_what_was_written_after_being_forgotten_stays(requests: SubjectRequests) -> None:
    await talk(requests.database, ANN, ANNS)
    requests.ledger.note(ANN, START - timedelta(days=1))

    assert await requests.reapply() == 0

    assert (await requests.export(ANN))["messages"]


def test_the_ledger_names_nobody_and_is_private(tmp_path: Path) -> None:
    ledger = ErasureLog(tmp_path / "new" / "erasures.jsonl")
    ledger.note(ANN, START)
    ledger.note(BOB, START)
    ledger.note(ANN, START + timedelta(days=1))

    assert ledger.among([ANN, "test:team:eve"]) == {ANN: START + timedelta(days=1)}
    assert "ann" not in ledger.path.read_text()
    assert ledger.path.stat().st_mode & 0o077 == 0


def test_a_damaged_ledger_is_told_with_the_remedy(tmp_path: Path) -> None:
    ledger = ErasureLog(tmp_path / "erasures.jsonl")
    with pytest.raises(StorageError, match="ledger"):
        ledger.among([ANN])
    ledger.note(ANN, START)
    with ledger.path.open("a") as file:
        file.write('{"at": "half')

    with pytest.raises(StorageError, match="a line is damaged"):
        ledger.among([ANN])


async def test_nothing_is_erased_that_could_not_be_noted(tmp_path: Path, sqlite: Database) -> None:
    await talk(sqlite, ANN, ANNS)
    (tmp_path / "file").touch()
    ledger = ErasureLog(tmp_path / "file" / "erasures.jsonl")
    requests = SubjectRequests(sqlite, ledger, MovableClock(), "cli:root")

    with pytest.raises(StorageError, match="ledger"):
        await requests.forget(ANN)

    assert (await requests.counts(ANN))["messages"] == 2
