"""What an inbox tells of its backlog, on either database."""

from __future__ import annotations

from bot.ports import Backlog
from tests.delivery.conftest import Desk
from tests.delivery.support import outcome, received


async def test_an_empty_inbox_has_no_backlog(desk: Desk) -> None:
    assert await desk.inbox.backlog() == Backlog(0, 0.0)


async def test_what_waits_is_put_off_or_in_hand_counts_until_it_is_finished(desk: Desk) -> None:
    for number in (1, 2, 3):
        await desk.inbox.accept(received(number, f"test:app:{number}"))
    in_hand = await desk.inbox.claim()
    await desk.inbox.retry(await desk.inbox.claim(), "away", 60.0)
    before = await desk.inbox.backlog()
    await desk.inbox.finish(in_hand, outcome(in_hand.event))
    after = await desk.inbox.backlog()

    assert (before.depth, after.depth) == (3, 2)
    assert before.oldest_age > 0


async def test_the_oldest_event_tells_the_age(desk: Desk) -> None:
    await desk.inbox.accept(received(1, "test:app:one"))
    alone = await desk.inbox.backlog()
    await desk.inbox.accept(received(2, "test:app:two"))
    assert (await desk.inbox.backlog()).oldest_age > alone.oldest_age
