"""More messages than can be answered at once: they wait, and nobody gets an error."""

from __future__ import annotations

import asyncio

from bot.clock import SystemClock
from bot.delivery import Worker
from tests.delivery.conftest import Desk
from tests.delivery.platform import Echo, ListAdapter
from tests.delivery.support import received

CONVERSATIONS = 50


async def test_five_hundred_at_once_are_all_answered_in_order_by_two(sqlite_desk: Desk) -> None:
    desk, adapter = sqlite_desk, ListAdapter()
    sent = [received(n, f"test:app:{n % CONVERSATIONS}", text=str(n)) for n in range(500)]
    worker = Worker(desk.inbox, Echo(), {"test": adapter}, concurrency=2, clock=SystemClock())
    running = asyncio.create_task(worker.run())

    taken = await asyncio.gather(*(desk.inbox.accept(event) for event in sent))
    while (await desk.inbox.backlog()).depth:  # noqa: ASYNC110 - a database has no event
        await asyncio.sleep(0.01)
    await worker.stop()
    await running

    assert all(taken)
    assert len(adapter.posts) == 500
    assert {attempt for _, attempt in adapter.attempts} == {1}
    for lane in range(CONVERSATIONS):
        said = [said for id_, said in adapter.posts if id_.startswith(f"test:app:{lane}:")]
        assert said == [f"you said: {n}" for n in range(lane, 500, CONVERSATIONS)]
