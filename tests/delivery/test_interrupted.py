"""What was in hand when a worker died: taken up one at a time, set aside only if alone twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Table, func, select
from structlog.testing import capture_logs

from bot.answering.wording import BUILT_IN, BotWording
from bot.clock import SystemClock
from bot.config.schema import ResponderConfig
from bot.delivery import Worker, open_inbox
from bot.delivery.conversation_queue import ConversationQueue
from bot.delivery.isolation import FIRST
from bot.delivery.retry import DEATHS
from bot.errors import ServiceUnavailable
from bot.ports import Claim
from bot.responder import Responder
from bot.staff.dead_letter_notice import DeadLetterNotice
from bot.storage import Database, StoredTranscripts
from bot.storage.cases import Cases
from bot.storage.tables import dead_letters, events
from bot.understanding.language.detector import LanguageDetector
from tests.delivery.conftest import Desk
from tests.delivery.platform import Echo, ListAdapter
from tests.delivery.support import MovableClock, outcome, received


async def test_what_was_in_hand_is_taken_up_one_at_a_time(desk: Desk) -> None:
    await _die_with(desk, 3)
    await desk.inbox.accept(received(9, "test:app:9"))

    order = []
    for _ in range(3):
        claim = await desk.inbox.claim()
        assert await _nothing_else(desk)
        order.append(claim.event)
        await desk.inbox.finish(claim, outcome(claim.event))
    rest = await desk.inbox.claim()

    assert order == [received(number, f"test:app:{number}") for number in range(3)]
    assert rest.event == received(9, "test:app:9")
    assert rest.interrupted == 0


async def test_neighbours_are_never_set_aside_however_often_their_worker_dies(desk: Desk) -> None:
    await _die_with(desk, 4)
    for _ in range(4):  # each time with another one alone in hand
        await desk.inbox.claim()
        await desk.restart()

    claims = await _one_by_one(desk, 4)

    assert [claim.interrupted for claim in claims] == [2, 2, 2, 2]
    assert [claim.interrupted_alone for claim in claims] == [1, 1, 1, 1]


async def test_dying_in_company_does_not_count_as_alone(desk: Desk) -> None:
    await _die_with(desk, 2)

    claims = await _one_by_one(desk, 2)

    assert [(claim.interrupted, claim.interrupted_alone) for claim in claims] == [(1, 0), (1, 0)]


async def test_what_was_alone_in_hand_lets_the_others_go_first(desk: Desk) -> None:
    desk.pause = 0.5
    await _die_with(desk, 1)
    await desk.inbox.accept(received(9, "test:app:9"))

    other = await desk.inbox.claim()
    await desk.inbox.finish(other, outcome(other.event))
    again = await desk.inbox.claim()

    assert (other.event, again.event) == (received(9, "test:app:9"), received(0, "test:app:0"))


async def test_an_attempt_that_ends_shows_that_an_event_is_harmless(desk: Desk) -> None:
    await _die_with(desk, 1)
    await desk.inbox.retry(await desk.inbox.claim(), "the platform was away", 0.0)
    await desk.inbox.accept(received(9, "test:app:9"))

    claims = [await desk.inbox.claim(), await desk.inbox.claim()]

    again = next(claim for claim in claims if claim.event == received(0, "test:app:0"))
    assert (again.attempt, again.interrupted, again.interrupted_alone) == (3, 0, 0)


@pytest.mark.parametrize("error", [ServiceUnavailable("away"), KeyError("oops")], ids=repr)
async def test_interruptions_and_restarts_are_no_failures_of_an_event(
    desk: Desk, error: Exception
) -> None:
    await _die_with(desk, 2)
    await desk.inbox.claim()
    await desk.restart()
    await _one_by_one(desk, 1)
    for _ in range(6):
        await desk.inbox.release(await desk.inbox.claim())
    adapter = ListAdapter(error)
    with capture_logs() as logs:
        async with _working(desk, adapter):
            await _until_empty(desk)

    assert [line["seconds"] for line in logs if line["event"] == "retrying"] == [1.0]
    assert adapter.attempts == [("test:app:0:0", 9), ("test:app:0:0", 10)]
    assert await _letters(desk) == []


async def test_a_worker_that_stops_in_order_tells_nothing_about_an_event(desk: Desk) -> None:
    await _die_with(desk, 1)
    await desk.inbox.release(await desk.inbox.claim())

    claim = await desk.inbox.claim()

    assert (claim.interrupted, claim.interrupted_alone) == (1, 1)
    assert await _nothing_else(desk)


async def test_an_interrupted_event_does_not_hold_the_others_up_for_long(
    database: Database,
) -> None:
    clock = MovableClock()
    async with open_inbox(database, clock, pause=0.0) as inbox:
        for number in (1, 2):
            await inbox.accept(received(number, f"test:app:{number}"))
            await inbox.claim()
    async with open_inbox(database, clock, pause=0.0) as inbox:
        await inbox.accept(received(3, "test:app:3"))
        slow = await inbox.claim()
        claiming = asyncio.create_task(inbox.claim())
        await asyncio.wait([claiming], timeout=0.2)
        assert not claiming.done()

        clock.move(FIRST)
        other = await claiming
        await inbox.finish(slow, outcome(slow.event))
        await inbox.finish(other, outcome(other.event))
        last = await inbox.claim()

    events_in_order = [claim.event.message.conversation for claim in (slow, other, last)]
    assert events_in_order == ["test:app:1", "test:app:3", "test:app:2"]
    assert last.interrupted == 1


async def test_after_an_isolation_that_was_short_the_next_lasts_as_long() -> None:
    clock = MovableClock()
    lanes = ConversationQueue(clock)
    lanes.add("one", 1, interrupted=1)
    lanes.add("two", 2, interrupted=1)
    lanes.add("three", 3)
    await lanes.take()
    await asyncio.sleep(0)
    clock.move(FIRST - 1)
    lanes.leave("one", 1)
    assert await lanes.take() == ("two", 2)
    other = asyncio.create_task(lanes.take())
    await asyncio.sleep(0)
    clock.move(FIRST - 1)
    await asyncio.sleep(0)

    assert not other.done()
    lanes.leave("two", 2)
    assert await other == ("three", 3)


async def test_whoever_leaves_in_the_moment_of_a_turn_gives_it_back() -> None:
    lanes = ConversationQueue(MovableClock())
    taking = asyncio.create_task(lanes.take())
    await asyncio.sleep(0)
    lanes.add("one", 1)
    taking.cancel()
    await asyncio.wait([taking])

    assert await lanes.take() == ("one", 1)


async def test_an_event_that_kills_its_worker_is_set_aside_and_its_customer_told(
    desk: Desk,
) -> None:
    await desk.inbox.accept(received(0, "test:app:0", text="Wo bleibt meine Bestellung?"))
    for _ in range(DEATHS):
        await desk.inbox.claim()
        await desk.restart()
    adapter = ListAdapter()
    async with _working(desk, adapter):
        await _until_empty(desk)

    ((_, said),) = adapter.posts
    assert said.endswith(BUILT_IN["given_up"]["de"].replace("{contact}", "help@shop.example"))
    assert await _letters(desk) == [
        "WorkerLost: a worker died or stalled 2 times handling this event alone"
    ]
    assert await Cases(desk.database, SystemClock()).count("given_up") == 1


async def test_telling_the_customer_waits_for_a_platform_that_is_away(desk: Desk) -> None:
    await desk.inbox.accept(received(0, "test:app:0"))
    for _ in range(DEATHS):
        await desk.inbox.claim()
        await desk.restart()
    adapter = ListAdapter(ServiceUnavailable("away"))
    echo = Echo(AssertionError("it was handled again"))
    async with _working(desk, adapter, echo):
        await _until_empty(desk)

    assert len(adapter.posts) == 1
    assert len(await _letters(desk)) == 1
    assert echo.failures  # nobody has read the message again


async def test_an_event_that_even_kills_the_apology_is_set_aside_without(desk: Desk) -> None:
    await desk.inbox.accept(received(0, "test:app:0"))
    for _ in range(DEATHS + 1):
        await desk.inbox.claim()
        await desk.restart()
    adapter = ListAdapter()
    async with _working(desk, adapter):
        await _until_empty(desk)

    assert adapter.posts == []
    assert len(await _letters(desk)) == 1


async def test_the_customer_of_a_bug_is_told_as_well(desk: Desk) -> None:
    await desk.inbox.accept(received(0, "test:app:0"))
    for _ in range(3):  # earlier attempts, without the waits
        await desk.inbox.retry(await desk.inbox.claim(), "KeyError: 'oops'", 0.0)
    adapter = ListAdapter()
    async with _working(desk, adapter, Echo(KeyError("oops"))):
        await _until_empty(desk)

    assert len(adapter.posts) == 1
    assert await _letters(desk) == ["KeyError: 'oops'"]


@asynccontextmanager
async def _working(
    desk: Desk, adapter: ListAdapter, echo: Echo | None = None
) -> AsyncIterator[None]:
    """A worker at work that can apologise."""
    wording = BotWording(ResponderConfig(contact="help@shop.example"), "en")
    apology = Responder(
        [DeadLetterNotice(LanguageDetector(BUILT_IN["given_up"]), wording)],
        transcripts=StoredTranscripts(desk.database),
        wording=wording,
        clock=SystemClock(),
        default_language="en",
    )
    worker = Worker(
        desk.inbox,
        echo or Echo(),
        {"test": adapter},
        concurrency=4,
        clock=SystemClock(),
        apology=apology,
    )
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        await worker.stop()
        await running


async def _die_with(desk: Desk, count: int) -> None:
    """Leave so many events, each of a conversation of its own, as a dying worker does."""
    for number in range(count):
        await desk.inbox.accept(received(number, f"test:app:{number}"))
    for _ in range(count):
        await desk.inbox.claim()
    await desk.restart()


async def _one_by_one(desk: Desk, count: int) -> list[Claim]:
    """Claim and finish so many events, in the order of their conversations."""
    claims = []
    for _ in range(count):
        claim = await desk.inbox.claim()
        claims.append(claim)
        await desk.inbox.finish(claim, outcome(claim.event))
    return sorted(claims, key=lambda claim: claim.event.message.id)


async def _nothing_else(desk: Desk) -> bool:
    """Return whether nothing else is handed out."""
    claiming = asyncio.create_task(desk.inbox.claim())
    await asyncio.wait([claiming], timeout=0.2)
    held = not claiming.done()
    claiming.cancel()
    await asyncio.wait([claiming])
    return held


async def _until_empty(desk: Desk) -> None:
    async with asyncio.timeout(60):
        while await _count(desk, events):  # noqa: ASYNC110 - a database has no event
            await asyncio.sleep(0.01)


async def _count(desk: Desk, table: Table) -> int:
    async with desk.database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def _letters(desk: Desk) -> list[str]:
    async with desk.database.read() as connection:
        return list(await connection.scalars(select(dead_letters.c.reason)))
