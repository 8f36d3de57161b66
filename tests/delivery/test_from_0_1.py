"""A database of 0.1 with events in its inbox: each of them is taken up."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, insert, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.clock import SystemClock
from bot.delivery import open_inbox
from bot.delivery.codec import encode
from bot.storage import open_database
from bot.storage.migrate import upgrade
from bot.storage.queue_schema import upgrade_queue
from bot.storage.tables import events
from tests.delivery.conftest import url
from tests.delivery.support import START, outcome, received

__all__ = ["url"]

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
WAITING, IN_HAND, FAILED = (received(number, f"test:app:{number}") for number in (1, 2, 3))


async def test_what_0_1_left_is_taken_up_with_what_is_known_of_it(url: str) -> None:
    await _leave_events(url)
    async with (
        await open_database(url) as database,
        open_inbox(database, SystemClock(), pause=0.0) as inbox,
    ):
        first = await inbox.claim()
        await inbox.finish(first, outcome(first.event))
        rest = [await inbox.claim(), await inbox.claim()]
        for claim in rest:
            await inbox.finish(claim, outcome(claim.event))
        backlog = await inbox.backlog()

    assert (first.event, first.attempt, first.failures) == (IN_HAND, 3, 0)
    assert (first.interrupted, first.interrupted_alone) == (2, 1)
    assert [(claim.event, claim.attempt, claim.failures) for claim in rest] == [
        (WAITING, 1, 0),
        (FAILED, 5, 4),
    ]
    assert backlog.depth == 0


async def _leave_events(url: str) -> None:
    """Make a database as 0.1 made it, with what it leaves when it is killed."""
    parsed = make_url(url)
    engine = create_async_engine(parsed.set(drivername=DRIVERS[parsed.drivername]))
    async with engine.begin() as connection:
        await connection.run_sync(upgrade, place="old", to="0005")
        if engine.dialect.name == "postgresql":
            await upgrade_queue(connection)
        await connection.run_sync(_leave)
    await engine.dispose()


def _leave(connection: Connection) -> None:
    fresh: dict[str, object] = {"attempt": 0, "interrupted": 0, "token": None, "reason": ""}
    in_hand: dict[str, object] = {"attempt": 2, "interrupted": 1, "token": "earlier", "reason": ""}
    failed = fresh | {"attempt": 4, "reason": "ServiceUnavailable: away"}
    left = zip((WAITING, IN_HAND, FAILED), (fresh, in_hand, failed), strict=True)
    for number, (event, state) in enumerate(left, start=1):
        row: dict[str, object] = {
            "seq": number,
            "id": event.message.id,
            "conversation": event.message.conversation,
            "direct": True,
            "payload": encode(event),
            "accepted_at": START,
            "due_at": START + timedelta(seconds=number),
            "posted": [],
        }
        connection.execute(insert(events).values(row | state))
        if connection.dialect.name == "postgresql":
            job = {"lock": event.message.conversation, "number": number}
            status = "doing" if state["token"] else "todo"
            connection.execute(
                text(
                    "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args, status) "
                    "VALUES ('inbox', 'frontdesk:answer', :lock, "
                    "jsonb_build_object('event', CAST(:number AS bigint)), "
                    "CAST(:status AS procrastinate_job_status))"
                ),
                job | {"status": status},
            )
