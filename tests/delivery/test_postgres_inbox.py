"""What only several processes on one PostgreSQL can show."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url, select

from bot.clock import SystemClock
from bot.delivery import Worker
from bot.delivery.postgres_inbox import PostgresInbox
from bot.errors import StorageError
from bot.storage import Database, open_database
from bot.storage.tables import events, messages
from tests.databases import postgres_schema
from tests.delivery.gate import Gate
from tests.delivery.platform import Echo, ListAdapter
from tests.delivery.support import outcome, received

pytestmark = pytest.mark.postgres


@pytest.fixture
async def schema() -> AsyncIterator[str]:
    async with postgres_schema() as url:
        yield url


@pytest.fixture
async def database(schema: str) -> AsyncIterator[Database]:
    async with await open_database(schema) as opened:
        yield opened


def inbox(database: Database) -> PostgresInbox:
    return PostgresInbox(database, SystemClock(), stalled=1.0)


async def test_two_processes_share_the_work_and_keep_the_order(
    schema: str, database: Database
) -> None:
    adapter = ListAdapter()
    async with await open_database(schema) as other, inbox(database) as one, inbox(other) as two:
        workers = [
            Worker(each, Echo(), {"test": adapter}, concurrency=4, clock=SystemClock())
            for each in (one, two)
        ]
        working = [asyncio.create_task(worker.run()) for worker in workers]
        sent = [received(n, f"test:app:{n % 10}") for n in range(100)]
        for number, event in enumerate(sent):
            await (one, two)[number % 2].accept(event)
        await _empty(database)
        await asyncio.gather(*(worker.stop() for worker in workers))
        await asyncio.gather(*working)

    posted = [id_ for id_, _ in adapter.posts]
    for lane in range(10):
        prefix = f"test:app:{lane}:"
        assert [p for p in posted if p.startswith(prefix)] == [
            event.message.id for event in sent if event.message.id.startswith(prefix)
        ]


async def test_a_message_that_two_processes_get_is_stored_once(
    schema: str, database: Database
) -> None:
    async with await open_database(schema) as other, inbox(database) as one, inbox(other) as two:
        for number in range(20):
            both = await asyncio.gather(one.accept(received(number)), two.accept(received(number)))
            assert sorted(both) == [False, True]


async def test_a_worker_that_slept_can_finish_nothing_that_was_taken_over(
    schema: str, database: Database
) -> None:
    async with inbox(database) as awake:
        await awake.accept(received(1))
        sleeper = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.delivery.sleeper_process",
            schema,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert sleeper.stdout is not None
        assert await sleeper.stdout.readline() == b"test:app:one:1\n"
        sleeper.send_signal(signal.SIGSTOP)

        claim = await awake.claim()
        assert (claim.event, claim.attempt, claim.interrupted) == (received(1), 2, 1)
        sleeper.send_signal(signal.SIGCONT)
        said, _ = await sleeper.communicate(b"\n")
        await awake.finish(claim, outcome(received(1), "in time"))

    assert said.splitlines()[-1] == b"lost"
    async with database.read() as connection:
        replies = await connection.scalars(select(messages.c.text).where(messages.c.role == "bot"))
    assert replies.all() == ["in time"]


async def test_a_live_worker_is_never_robbed(schema: str, database: Database) -> None:
    async with await open_database(schema) as other, inbox(database) as one, inbox(other) as two:
        await one.accept(received(1))
        claim = await one.claim()
        robbing = asyncio.create_task(two.claim())

        await asyncio.wait([robbing], timeout=3.0)  # three times what makes a worker stalled

        assert not robbing.done()
        await one.finish(claim, outcome(received(1)))
        robbing.cancel()
        await asyncio.wait([robbing])


async def test_a_database_that_is_away_and_comes_back_loses_nothing(schema: str) -> None:
    url = make_url(schema)
    async with Gate(str(url.host), url.port or 5432) as gate:
        through = url.set(host="127.0.0.1", port=gate.port).render_as_string(hide_password=False)
        adapter = ListAdapter()
        adapter.open_gate.clear()
        async with await open_database(through) as database, inbox(database) as one:
            worker = Worker(one, Echo(), {"test": adapter}, concurrency=2, clock=SystemClock())
            working = asyncio.create_task(worker.run())
            await one.accept(received(1))
            while not adapter.attempts:  # noqa: ASYNC110 - a list has no event
                await asyncio.sleep(0.01)

            await gate.shut()
            with pytest.raises(StorageError):
                await one.accept(received(2))
            adapter.open_gate.set()
            await asyncio.wait([working], timeout=2.0)
            assert not working.done()
            await gate.open()

            assert await one.accept(received(3))
            await _empty(database)
            await worker.stop()
            await working

    assert [id_ for id_, _ in adapter.posts] == ["test:app:one:1", "test:app:one:3"]


async def _empty(database: Database) -> None:
    """Wait until the inbox is empty."""
    while True:
        async with database.read() as connection:
            if await connection.scalar(select(events.c.id).limit(1)) is None:
                return
        await asyncio.sleep(0.02)
