"""What is too old is deleted, nothing else, and nobody waits for it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Table, func, insert, select
from structlog.testing import capture_logs

from bot.config.sections import RetentionConfig
from bot.delivery import accepting
from bot.operations.retention_job import (
    FIRST,
    FOLLOWING,
    INTERVAL,
    SHORT_LIVED,
    RetentionJob,
    limits,
)
from bot.storage import Database
from bot.storage.notices import add_notices
from bot.storage.retention import BATCH, KINDS, prune
from bot.storage.tables import (
    accepted,
    audit,
    choices,
    conversations,
    dead_letters,
    decisions,
    events,
    messages,
    people,
)
from bot.storage.transcripts import record
from tests.delivery.support import START, MovableClock, outcome
from tests.privacy.people import ANN, BOB, by, talk

OLD, NEW = START - timedelta(days=1000), START - timedelta(hours=1)
EVERYTHING_A_DAY = RetentionConfig(**dict.fromkeys(RetentionConfig.model_fields, 1))


async def count(database: Database, table: Table) -> int:
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def say(database: Database, key: str, number: int, at: datetime) -> None:
    event = by(key, number, "hello")
    said = outcome(event)
    await database.write(partial(record, answered=[(event, said)], at=at))
    await database.write(
        lambda connection: (
            connection.execute(
                messages.update().where(messages.c.event == event.message.id).values(at=at)
            ).rowcount
        )
    )


def test_every_setting_has_a_kind_and_every_kind_a_setting() -> None:
    # Approved messages are in a file.
    assert {*KINDS, "learned"} == {
        *RetentionConfig.model_fields,
        "choices",
        *FOLLOWING,
        *SHORT_LIVED,
    }


async def test_of_each_kind_what_is_too_old_goes(database: Database) -> None:
    await talk(database, ANN, "old", at=OLD)
    await database.write(partial(add_notices, case=1, step=1, ways=["mail"], at=OLD))
    before = limits(EVERYTHING_A_DAY, START)

    deleted = await prune(database, before)

    assert deleted.pop("transcripts") >= 1
    assert deleted == {
        "choices": 0,  # offered just now
        "decisions": 1,
        "feedback": 1,
        "surveys": 1,
        "notices": 1,
        "cases": 2,
        "relays": 1,
        "unanswered": 1,
        "forms": 1,
        "actions": 1,
        "codes": 1,
        "proofs": 1,
        "wishes": 1,
        "spend": 1,
        "answers": 0,
        "audit": 0,
        "outbox": 1,
        "dead_letters": 1,
        "dedupe": 2,
    }


async def test_what_is_younger_stays(database: Database) -> None:
    await talk(database, ANN, "new", at=NEW)
    await say(database, ANN, 9, NEW)

    deleted = await prune(database, limits(EVERYTHING_A_DAY, START - timedelta(hours=2)))

    assert not any(deleted.values())


async def test_conversations_and_people_go_with_their_last_message(database: Database) -> None:
    await say(database, ANN, 1, OLD)
    await say(database, BOB, 1, OLD)
    await say(database, BOB, 2, NEW)

    await prune(database, limits(EVERYTHING_A_DAY, START))

    async with database.read() as connection:
        assert list(await connection.scalars(select(people.c.key))) == [BOB]
        assert list(await connection.scalars(select(conversations.c.key))) == ["test:app:dm-bob"]


async def test_decisions_outlive_transcripts(database: Database) -> None:
    await say(database, ANN, 1, OLD)

    await prune(database, limits(RetentionConfig(decisions=0), START))

    assert await count(database, messages) == 0
    assert await count(database, decisions) == 1
    assert await count(database, conversations) == 1


async def test_zero_keeps_for_ever() -> None:
    forever = RetentionConfig(transcripts=0, audit=0)

    assert not {"transcripts", "audit"} & set(limits(forever, START))
    assert "choices" in limits(forever, START)  # they expire by themselves


async def test_a_message_that_still_waits_is_not_taken_in_again(database: Database) -> None:
    event = by(ANN, 1, "patient")
    await database.write(partial(accepting.put, coming=[(event, "")], now=OLD))

    await prune(database, limits(EVERYTHING_A_DAY, START))

    again = await database.write(partial(accepting.put, coming=[(event, "")], now=START))
    assert again.numbers == (None,)
    assert await count(database, events) == 1


async def test_more_than_a_batch_goes_at_once(database: Database) -> None:
    rows = [{"event": f"e{number}", "at": OLD} for number in range(2 * BATCH + 1)]
    await database.write(lambda connection: connection.execute(insert(accepted), rows).rowcount)

    deleted = await prune(database, limits(EVERYTHING_A_DAY, START))

    assert deleted["dedupe"] == len(rows)
    assert await count(database, accepted) == 0


@pytest.mark.parametrize("table", [messages, decisions, accepted, choices, audit])
async def test_the_oldest_are_found_by_an_index(sqlite: Database, table: Table) -> None:
    (kind,) = [each for each in KINDS.values() if each.table is table]
    query = kind.too_old(START).compile(sqlite.engine.sync_engine)

    async with sqlite.read() as connection:
        plan = await connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {query}",
            tuple(query.params[name] for name in query.positiontup or ()),
        )
        steps = [str(row[-1]) for row in plan]

    assert steps[0].startswith("SEARCH")
    assert not any("ORDER BY" in step for step in steps)


# --- beside the service ------------------------------------------------------------------------


async def test_housekeeping_deletes_once_an_hour(database: Database) -> None:
    clock = MovableClock()
    housekeeping = RetentionJob(database, EVERYTHING_A_DAY, clock)
    await talk(database, ANN, "old", at=OLD)
    running = asyncio.create_task(housekeeping.run())

    await _sleeping(clock)
    assert await count(database, dead_letters) == 1
    clock.move(FIRST)
    await _sleeping(clock)
    assert await count(database, dead_letters) == 0
    assert clock.sleeping == [INTERVAL]

    running.cancel()
    await asyncio.wait([running])


async def test_housekeeping_survives_a_database_that_is_away(sqlite: Database) -> None:
    clock = MovableClock()
    running = asyncio.create_task(RetentionJob(sqlite, EVERYTHING_A_DAY, clock).run())
    await _sleeping(clock)
    await sqlite.write(lambda connection: connection.exec_driver_sql("DROP TABLE spend").rowcount)

    with capture_logs() as logs:
        clock.move(FIRST)
        await _sleeping(clock)

    assert [line["event"] for line in logs] == ["old data not deleted"]
    running.cancel()
    await asyncio.wait([running])


async def _sleeping(clock: MovableClock) -> None:
    """Wait until the job has nothing to do."""
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        while not clock.sleeping:  # noqa: ASYNC110 - sleeping is what is waited for
            await asyncio.sleep(0.005)
