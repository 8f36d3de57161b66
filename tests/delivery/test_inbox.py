"""What every inbox promises."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.clock import SystemClock
from bot.conversations import Owner
from bot.conversations.transcript import TranscriptEntry
from bot.errors import ClaimLost, StateChanged
from bot.messages import (
    Addressing,
    Attachment,
    Author,
    Decision,
    DecisionKind,
    DecisionPart,
    Message,
    Pressed,
    ScoredIntent,
)
from bot.ports import EventOutcome
from bot.storage import StoredTranscripts
from bot.storage.conversation_states import StoredStates
from bot.storage.tables import (
    accepted,
    dead_letters,
    decisions,
    events,
    messages,
    timers,
)
from tests.delivery.conftest import Desk
from tests.delivery.support import START, outcome, received


async def test_an_event_comes_out_as_it_went_in(desk: Desk) -> None:
    event = Pressed(
        Message(
            id="test:app:one:7",
            conversation="test:app:one",
            author=Author("test:team:李", "李\ud800\x00", "zh-Hant"),
            text="我的\ud800订单\x00到哪了 🧗",
            sent_at=START,
            addressing=Addressing.THREAD,
            attachments=(Attachment("photo.jpg", "image/jpeg", 12), Attachment("noname")),
        ),
        "b_1234",
    )

    assert await desk.inbox.accept(event)

    assert (await desk.inbox.claim()).event == event


async def test_an_event_that_comes_twice_is_stored_once(desk: Desk) -> None:
    again = [await desk.inbox.accept(received(1)) for _ in range(3)]

    assert again == [True, False, False]
    assert await _count(desk, events) == 1


async def test_of_many_deliveries_at_once_one_is_stored(desk: Desk) -> None:
    answers = await asyncio.gather(*(desk.inbox.accept(received(1)) for _ in range(20)))

    assert sorted(answers) == [False] * 19 + [True]


async def test_a_finished_event_is_still_known(desk: Desk) -> None:
    await desk.inbox.accept(received(1))
    claim = await desk.inbox.claim()
    await desk.inbox.finish(claim, outcome(received(1)))

    assert not await desk.inbox.accept(received(1))


async def test_a_conversation_is_handled_by_one_at_a_time(desk: Desk) -> None:
    await desk.inbox.accept(received(1, "test:app:one"))
    await desk.inbox.accept(received(2, "test:app:one"))
    await desk.inbox.accept(received(3, "test:app:two"))

    claims = [await desk.inbox.claim(), await desk.inbox.claim()]

    assert [claim.event for claim in claims] == [
        received(1, "test:app:one"),
        received(3, "test:app:two"),
    ]


async def test_a_conversation_is_handled_in_order(desk: Desk) -> None:
    for number in range(5):
        await desk.inbox.accept(received(number))

    for number in range(5):
        claim = await desk.inbox.claim()
        assert claim.event == received(number)
        await desk.inbox.finish(claim, outcome(received(number)))


async def test_waiting_workers_get_what_comes_in(desk: Desk) -> None:
    waiting = [asyncio.create_task(desk.inbox.claim()) for _ in range(3)]
    await asyncio.sleep(0)
    for number in range(3):
        await desk.inbox.accept(received(number, f"test:app:{number}"))

    claims = await asyncio.gather(*waiting)

    assert {claim.event.message.conversation for claim in claims} == {
        f"test:app:{number}" for number in range(3)
    }


async def test_a_burst_is_stored_whole(desk: Desk) -> None:
    burst = [received(n, f"test:app:{n % 50}") for n in range(500)]

    assert all(await asyncio.gather(*map(desk.inbox.accept, burst)))

    assert await _count(desk, events) == await _count(desk, accepted) == 500


async def test_finishing_writes_transcript_and_decision(desk: Desk) -> None:
    event = received(1, text="where is my order?")
    await desk.inbox.accept(event)
    await desk.inbox.finish(await desk.inbox.claim(), outcome(event, "On its way."))

    known = await StoredTranscripts(desk.database).conversation(
        event.message.conversation, event.message.author
    )
    assert [(turn.role, turn.text) for turn in known.turns] == [
        ("customer", "where is my order?"),
        ("bot", "On its way."),
    ]
    assert known.turns[0] == TranscriptEntry(
        "customer", "where is my order?", event.message.sent_at, author=event.message.author.key
    )
    assert known.introduced
    assert await _count(desk, decisions) == 1
    assert await _count(desk, events) == 0


async def test_a_claim_finishes_once(desk: Desk) -> None:
    await desk.inbox.accept(received(1))
    claim = await desk.inbox.claim()
    await desk.inbox.finish(claim, outcome(received(1)))

    with pytest.raises(ClaimLost):
        await desk.inbox.finish(claim, outcome(received(1), "again"))

    assert await _count(desk, messages) == 2


async def test_a_released_event_comes_first_again(desk: Desk) -> None:
    await desk.inbox.accept(received(1))
    await desk.inbox.accept(received(2))
    await desk.inbox.release(await desk.inbox.claim())

    again = await desk.inbox.claim()

    assert (again.event, again.attempt, again.interrupted) == (received(1), 2, 0)


async def test_a_retry_holds_its_conversation_and_no_other(desk: Desk) -> None:
    await desk.inbox.accept(received(1, "test:app:one"))
    await desk.inbox.accept(received(2, "test:app:one"))
    await desk.inbox.retry(await desk.inbox.claim(), "the platform was away", 0.3)
    await desk.inbox.accept(received(3, "test:app:two"))

    order = []
    for _ in range(3):
        claim = await desk.inbox.claim()
        order.append((claim.event, claim.attempt))
        await desk.inbox.finish(claim, outcome(claim.event))

    assert order == [
        (received(3, "test:app:two"), 1),
        (received(1, "test:app:one"), 2),
        (received(2, "test:app:one"), 1),
    ]


async def test_a_buried_event_is_kept_with_its_reason_and_lets_others_pass(desk: Desk) -> None:
    await desk.inbox.accept(received(1))
    await desk.inbox.accept(received(2))
    await desk.inbox.dead_letter(await desk.inbox.claim(), "no permission")

    assert (await desk.inbox.claim()).event == received(2)
    async with desk.database.read() as connection:
        letter = (await connection.execute(select(dead_letters))).one()
    assert (letter.id, letter.reason, letter.attempts) == ("test:app:one:1", "no permission", 1)
    assert not await desk.inbox.accept(received(1))


async def test_what_a_dead_process_had_claimed_comes_again_in_order(desk: Desk) -> None:
    for number in range(3):
        await desk.inbox.accept(received(number))
    claim = await desk.inbox.claim()
    await desk.inbox.checkpoint(claim, ["ts1"])
    await desk.inbox.checkpoint(claim, ["ts1", "ts2"])

    await desk.restart()

    again = await desk.inbox.claim()
    assert (again.event, again.attempt, again.posted, again.interrupted) == (
        received(0),
        2,
        ("ts1", "ts2"),
        1,
    )
    await desk.inbox.finish(again, outcome(received(0)))
    assert (await desk.inbox.claim()).event == received(1)


async def test_a_worker_that_wakes_up_late_can_change_nothing(desk: Desk) -> None:
    await desk.inbox.accept(received(1))
    stale = await desk.inbox.claim()
    await desk.restart()
    fresh = await desk.inbox.claim()

    with pytest.raises(ClaimLost):
        await desk.inbox.checkpoint(stale, ["ts9"])
    with pytest.raises(ClaimLost):
        await desk.inbox.retry(stale, "late", 0.0)
    with pytest.raises(ClaimLost):
        await desk.inbox.dead_letter(stale, "late")
    with pytest.raises(ClaimLost):
        await desk.inbox.finish(stale, outcome(received(1), "late"))

    await desk.inbox.finish(fresh, outcome(received(1), "in time"))
    async with desk.database.read() as connection:
        said = await connection.scalars(select(messages.c.text).where(messages.c.role == "bot"))
    assert said.all() == ["in time"]


async def test_a_claim_that_is_cancelled_loses_nothing(desk: Desk) -> None:
    for number in range(20):
        await desk.inbox.accept(received(number, f"test:app:{number}"))
    for turns in range(20):
        claiming = asyncio.create_task(desk.inbox.claim())
        for _ in range(turns):
            await asyncio.sleep(0)
        claiming.cancel()
        done, _ = await asyncio.wait([claiming])
        for task in done:
            if not task.cancelled():
                await desk.inbox.release(task.result())

    claims = [await desk.inbox.claim() for _ in range(20)]

    assert len({claim.event.message.id for claim in claims}) == 20


async def test_a_timer_comes_when_it_is_due_and_holds_nobody_up(desk: Desk) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=0.5)
    await desk.inbox.schedule(received(1), soon)
    await desk.inbox.accept(received(2))

    first = await desk.inbox.claim()
    await desk.inbox.finish(first, outcome(received(2)))
    second = await desk.inbox.claim()

    assert (first.event, second.event) == (received(2), received(1))
    assert datetime.now(UTC) >= soon


async def test_a_timer_survives_a_restart(desk: Desk) -> None:
    await desk.inbox.schedule(received(1), datetime.now(UTC))
    await desk.restart()

    assert (await desk.inbox.claim()).event == received(1)


async def test_a_timer_that_was_moved_comes_at_the_later_time_and_once(desk: Desk) -> None:
    now = datetime.now(UTC)
    await desk.inbox.schedule(received(1), now + timedelta(days=1))
    await desk.inbox.schedule(received(1, text="moved"), now + timedelta(seconds=0.2))

    claim = await desk.inbox.claim()

    assert claim.event == received(1, text="moved")
    while await _count(desk, timers):  # noqa: ASYNC110 - it is forgotten right after
        await asyncio.sleep(0.01)


async def test_a_cancelled_timer_does_not_come(desk: Desk) -> None:
    await desk.inbox.schedule(received(1), datetime.now(UTC) + timedelta(days=1))

    assert await desk.inbox.cancel(received(1).message.id)
    assert not await desk.inbox.cancel(received(1).message.id)
    assert await _count(desk, timers) == 0


async def _count(desk: Desk, table: object) -> int:
    async with desk.database.read() as connection:
        count = await connection.scalar(select(func.count()).select_from(table))  # type: ignore[arg-type]
    return count or 0


async def test_a_change_of_state_commits_with_the_event_that_caused_it(desk: Desk) -> None:
    states = StoredStates(desk.database, SystemClock())
    await desk.inbox.accept(received(1))
    claim = await desk.inbox.claim()
    waiting = (await states.state(claim.event.message.conversation)).moved(Owner.WAITING)

    await desk.inbox.finish(claim, replace(outcome(claim.event), state=waiting))

    assert (await states.state(waiting.key)).owner is Owner.WAITING


async def test_an_event_whose_change_of_state_came_too_late_is_not_finished(desk: Desk) -> None:
    states = StoredStates(desk.database, SystemClock())
    await desk.inbox.accept(received(1))
    claim = await desk.inbox.claim()
    before = await states.state(claim.event.message.conversation)
    taken = await states.change(before.moved(Owner.HUMAN, assignee="test:team:bo"))

    with pytest.raises(StateChanged):
        await desk.inbox.finish(
            claim, replace(outcome(claim.event), state=before.moved(Owner.WAITING))
        )

    assert await states.state(before.key) == taken
    assert await _count(desk, decisions) == 0
    await desk.inbox.finish(claim, outcome(claim.event))
    assert await _count(desk, decisions) == 1


async def test_a_timer_does_not_wait_behind_a_message_that_is_being_retried(desk: Desk) -> None:
    await desk.inbox.accept(received(1))
    await desk.inbox.retry(await desk.inbox.claim(), "the platform was away", 60)
    await desk.inbox.schedule(received(2), datetime.now(UTC))

    claim = await desk.inbox.claim()

    assert claim.event == received(2)
    await desk.restart()
    assert (await desk.inbox.claim()).event == received(2)


async def test_a_message_does_not_wait_behind_a_timer_that_is_being_retried(desk: Desk) -> None:
    await desk.inbox.schedule(received(1), datetime.now(UTC))
    await desk.inbox.retry(await desk.inbox.claim(), "the platform was away", 60)
    await desk.inbox.accept(received(2))

    assert (await desk.inbox.claim()).event == received(2)


async def test_what_was_decided_about_each_request_is_stored(desk: Desk) -> None:
    event = received(1, text="where is it, and how do I return it?")
    parts = (
        DecisionPart(DecisionKind.INTENT, (ScoredIntent("order_status", 0.9),), ("sure",)),
        DecisionPart(DecisionKind.QUOTED, (), ("no intent fits",)),
    )
    await desk.inbox.accept(event)
    decision = Decision("d1", event.message.id, DecisionKind.INTENT, parts=parts)
    await desk.inbox.finish(await desk.inbox.claim(), EventOutcome(decision, "On its way."))

    async with desk.database.read() as connection:
        stored = await connection.scalar(select(decisions.c.parts))
    assert [(part["kind"], part["reasons"]) for part in stored or ()] == [
        ("intent", ["sure"]),
        ("quoted", ["no intent fits"]),
    ]
