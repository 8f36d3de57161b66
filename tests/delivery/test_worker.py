from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy import Connection, Table, func, select
from structlog.contextvars import get_contextvars
from structlog.testing import capture_logs

from bot.clock import SystemClock
from bot.delivery import Worker
from bot.delivery.retry import DEATHS, FAULT_ATTEMPTS
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Event, Part
from bot.ports import Adapter, Responding
from bot.storage.tables import dead_letters, events, messages
from tests.delivery.conftest import Desk
from tests.delivery.platform import Echo, ListAdapter
from tests.delivery.support import received


@asynccontextmanager
async def working(
    desk: Desk,
    adapter: Adapter,
    responder: Responding | None = None,
) -> AsyncIterator[Worker]:
    """A worker at work."""
    worker = Worker(
        desk.inbox,
        responder or Echo(),
        {"test": adapter},
        concurrency=4,
        clock=SystemClock(),
    )
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        await worker.stop()
        await running


async def test_messages_are_answered_and_written_down(desk: Desk) -> None:
    adapter = ListAdapter()
    async with working(desk, adapter):
        await desk.inbox.accept(received(1, text="hello"))
        await _empty(desk)

    assert adapter.posts == [("test:app:one:1", "you said: hello")]
    assert adapter.thinking_about == ["test:app:one:1"]
    assert await _texts(desk) == ["hello", "you said: hello"]


async def test_many_conversations_are_answered_each_in_order(desk: Desk) -> None:
    adapter = ListAdapter()
    sent = [received(n, f"test:app:{n % 7}", text=str(n)) for n in range(100)]
    async with working(desk, adapter):
        for event in sent:
            await desk.inbox.accept(event)
        await _empty(desk)

    for lane in range(7):
        of_lane = [said for id_, said in adapter.posts if id_.startswith(f"test:app:{lane}:")]
        assert of_lane == [f"you said: {n}" for n in range(100) if n % 7 == lane]


async def test_silence_is_written_down_and_not_posted(desk: Desk) -> None:
    adapter = ListAdapter()
    async with working(desk, adapter):
        await desk.inbox.accept(received(1, text="hush"))
        await _empty(desk)

    assert adapter.posts == []
    assert await _texts(desk) == ["hush"]


async def test_a_platform_that_is_away_is_tried_again(desk: Desk) -> None:
    adapter = ListAdapter(ServiceUnavailable("away"))
    with capture_logs() as logs:
        async with working(desk, adapter):
            await desk.inbox.accept(received(1))
            await _empty(desk)

    assert [line["seconds"] for line in logs if line["event"] == "retrying"] == [1.0]
    assert [attempt for _, attempt in adapter.attempts] == [1, 2]
    assert len(adapter.posts) == 1


async def test_what_a_platform_refuses_is_buried_and_the_next_answered(desk: Desk) -> None:
    adapter = ListAdapter(AdapterError("no permission to write here"))
    async with working(desk, adapter):
        await desk.inbox.accept(received(1))
        await desk.inbox.accept(received(2))
        await _empty(desk)

    assert [id_ for id_, _ in adapter.posts] == ["test:app:one:2"]
    assert await _reasons(desk) == ["AdapterError: no permission to write here"]


async def test_a_bug_is_tried_a_few_times_logged_and_buried(desk: Desk) -> None:
    for _ in range(FAULT_ATTEMPTS - 1):  # what earlier attempts would have done, without the wait
        await desk.inbox.accept(received(1))
        await desk.inbox.retry(await desk.inbox.claim(), "a bug", 0.0)
    with capture_logs() as logs:
        async with working(desk, ListAdapter(), Echo(KeyError("oops"))):
            await _empty(desk)

    dead_lettered = next(line for line in logs if line["event"] == "dead-lettered")
    assert dead_lettered["exc_info"]
    assert await _reasons(desk) == ["KeyError: 'oops'"]


async def test_a_message_without_an_adapter_is_buried(desk: Desk) -> None:
    async with working(desk, ListAdapter()):
        await desk.inbox.accept(received(1, "irc:app:one"))
        await _empty(desk)

    assert await _reasons(desk) == ["AdapterError: no adapter is running for 'irc'"]


async def test_a_message_that_kills_the_process_each_time_is_buried(desk: Desk) -> None:
    await desk.inbox.accept(received(1))
    for _ in range(DEATHS + 1):
        await desk.inbox.claim()
        await desk.restart()
    async with working(desk, ListAdapter()):
        await _empty(desk)

    assert len(await _reasons(desk)) == 1


async def test_an_interrupted_message_is_posted_with_what_was_remembered(desk: Desk) -> None:
    await desk.inbox.accept(received(1))
    await desk.inbox.checkpoint(await desk.inbox.claim(), ["post 1"])
    await desk.restart()
    adapter = ListAdapter()
    async with working(desk, adapter):
        await _empty(desk)

    assert adapter.attempts == [("test:app:one:1", 2)]
    assert adapter.posts == []


async def test_stopping_lets_a_reply_end(desk: Desk) -> None:
    adapter = ListAdapter()
    adapter.open_gate.clear()
    async with working(desk, adapter) as worker:
        await desk.inbox.accept(received(1))
        await _until(lambda: adapter.attempts)
        stopping = asyncio.create_task(worker.stop())
        await asyncio.sleep(0)
        adapter.open_gate.set()
        await stopping

    assert len(adapter.posts) == 1
    assert await _count(desk, events) == 0


async def test_stopping_gives_back_what_takes_too_long(desk: Desk) -> None:
    adapter = ListAdapter()
    adapter.open_gate.clear()
    async with working(desk, adapter) as worker:
        await desk.inbox.accept(received(1))
        await _until(lambda: adapter.attempts)
        await worker.stop(grace=0.0)

    again = await desk.inbox.claim()
    assert (again.event, again.attempt, again.interrupted) == (received(1), 2, 0)


async def test_a_worker_that_is_cancelled_gives_back_what_it_has(desk: Desk) -> None:
    adapter = ListAdapter()
    adapter.open_gate.clear()
    worker = Worker(desk.inbox, Echo(), {"test": adapter}, concurrency=2, clock=SystemClock())
    running = asyncio.create_task(worker.run())
    await desk.inbox.accept(received(1))
    await _until(lambda: adapter.attempts)

    running.cancel()
    await asyncio.wait([running])

    assert running.cancelled()
    assert (await desk.inbox.claim()).attempt == 2


async def test_a_full_disk_is_waited_for_without_posting_again(sqlite_desk: Desk) -> None:
    adapter = ListAdapter()
    adapter.open_gate.clear()
    with capture_logs() as logs:
        async with working(sqlite_desk, adapter, Echo(times=100_000)):
            await sqlite_desk.inbox.accept(received(1, text="long"))
            await _until(lambda: adapter.attempts)
            await _page_limit(sqlite_desk, 1)
            adapter.open_gate.set()
            await _until(lambda: [line for line in logs if "full" in line.get("reason", "")])
            await _page_limit(sqlite_desk, None)
            await _empty(sqlite_desk)

    assert len(adapter.posts) == 1
    assert len(await _texts(sqlite_desk)) == 2


async def test_every_line_about_a_message_carries_its_id(desk: Desk) -> None:
    adapter = ListAdapter(AdapterError("no"))
    bound: list[object] = []

    class Listening(Echo):
        async def respond(self, event: Event) -> AsyncIterator[Part]:
            bound.append(get_contextvars().get("message_id"))
            async for part in super().respond(event):
                yield part

    async with working(desk, adapter, Listening()):
        await desk.inbox.accept(received(1))
        await _empty(desk)

    assert bound == ["test:app:one:1"]


async def test_the_log_holds_nothing_that_was_said(desk: Desk) -> None:
    with capture_logs() as logs:
        async with working(desk, ListAdapter(ServiceUnavailable("away"))):
            await desk.inbox.accept(received(1, text="my secret"))
            await _empty(desk)

    assert "answered" in [line["event"] for line in logs]
    assert "secret" not in repr(logs)


async def _until(condition: Callable[[], object]) -> None:
    while not condition():  # noqa: ASYNC110 - what is waited for has no event
        await asyncio.sleep(0.005)


async def _empty(desk: Desk) -> None:
    """Wait until the inbox is empty."""
    while await _count(desk, events):  # noqa: ASYNC110 - a database has no event
        await asyncio.sleep(0.005)


async def _page_limit(desk: Desk, pages: int | None) -> None:
    """Let the database file grow no further, as on a full disk; None: let it grow again."""

    def limit(connection: Connection) -> None:
        now = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages or now + 100_000}").scalar_one()

    await desk.database.write(limit)


async def _count(desk: Desk, table: Table) -> int:
    async with desk.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def _reasons(desk: Desk) -> list[str]:
    async with desk.database.read() as connection:
        return list(await connection.scalars(select(dead_letters.c.reason)))


async def _texts(desk: Desk) -> list[str]:
    async with desk.database.read() as connection:
        return list(await connection.scalars(select(messages.c.text).order_by(messages.c.id)))
