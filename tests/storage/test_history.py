"""What an adapter learns of earlier: where it stopped, where it spoke, what it said."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import Connection, insert

from bot.delivery import accepting
from bot.messages import Addressing, Received
from bot.storage import Database, StoredHistory
from bot.storage.tables import cases
from bot.storage.transcripts import record
from tests.delivery.support import START, outcome, received


async def accept(database: Database, event: Received, minutes: int = 0) -> None:
    now = START + timedelta(minutes=minutes)
    await database.write(partial(accepting.put, coming=[(event, "")], now=now))


async def handle(database: Database, event: Received, reply: str, minutes: int = 0) -> None:
    at = START + timedelta(minutes=minutes)
    await database.write(partial(record, answered=[(event, outcome(event, reply))], at=at))


async def test_an_empty_database_knows_nothing(database: Database) -> None:
    past = StoredHistory(database)
    assert await past.accepted("test:app:") == []
    assert await past.conversations("test:app:", since=START, limit=9) == {}


async def test_what_was_accepted_last_comes_first_and_other_apps_are_left_out(
    database: Database,
) -> None:
    for number in (1, 2):
        await accept(database, received(number), minutes=number)
    await accept(database, received(3, "test:app_:one"), minutes=3)
    past = StoredHistory(database)
    assert await past.accepted("test:app:") == ["test:app:one:2", "test:app:one:1"]
    assert await past.accepted("test:app_:") == ["test:app_:one:3"]


async def test_conversations_are_told_with_their_beginning_the_liveliest_first(
    database: Database,
) -> None:
    for minutes, name in ((1, "quiet"), (5, "lively"), (0, "silent")):
        key = f"test:app:{name}"
        await handle(database, received(0, key), "" if name == "silent" else "Hello.", minutes)
    await handle(database, received(60, "test:app:lively"), "Once more.", 6)
    past = StoredHistory(database)
    found = await past.conversations("test:app:", since=START, limit=9)
    assert list(found.items()) == [("test:app:lively", START), ("test:app:quiet", START)]
    late = START + timedelta(minutes=2)
    assert list(await past.conversations("test:app:", since=late, limit=9)) == ["test:app:lively"]
    assert list(await past.conversations("test:app:", since=START, limit=1)) == ["test:app:lively"]


async def test_a_conversation_that_waits_for_its_first_answer_counts_from_its_first_message(
    database: Database,
) -> None:
    for number in (7, 8):
        await accept(database, received(number, "test:app:new"), minutes=99)
    await accept(database, received(9, "test:app:other", addressing=Addressing.THREAD))
    found = await StoredHistory(database).conversations("test:app:", since=START, limit=9)
    assert found == {"test:app:new": received(7).message.sent_at}


async def test_threads_of_open_cases_are_among_them(database: Database) -> None:
    case = {"author": "test:t:u", "note": "", "opened_at": START, "kind": "handoff"}
    for name, closed_at in (("open", None), ("closed", START), ("other:app", None)):
        thread = "other:app:desk:9" if name == "other:app" else f"test:app:desk:{name}"
        row = {"conversation": f"test:app:{name}", "event": f"test:app:{name}:1", "thread": thread}
        stored = insert(cases).values(**case, **row, closed_at=closed_at)
        await database.write(partial(Connection.execute, statement=stored))
    found = await StoredHistory(database).conversations("test:app:", since=START, limit=9)
    assert found == {"test:app:desk:open": START}


async def test_replies_are_told_from_a_moment_on(database: Database) -> None:
    for number in (1, 2, 3):
        await handle(database, received(number), f"reply {number}", minutes=number)
    await handle(database, received(4, "test:app:two"), "elsewhere", minutes=4)
    since = START + timedelta(minutes=2)
    told = await StoredHistory(database).replies("test:app:one", since=since)
    assert told == ["reply 2", "reply 3"]


async def test_first_start_is_noted_once_by_source(database: Database) -> None:
    past, later = StoredHistory(database), START + timedelta(hours=1)
    assert await past.first_start("test:one", START) == START
    assert await past.first_start("test:one", later) == START
    assert await past.first_start("test:two", later) == later


async def test_a_database_of_before_counts_from_its_first_conversation(database: Database) -> None:
    past, later = StoredHistory(database), START + timedelta(hours=1)
    await handle(database, received(0), "Hello.")
    assert await past.first_start("test:one", later) == START
    assert await past.first_start("other:one", later) == later
