"""Quick lines of one person are one question, and have one answer, whatever dies meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.clock import SystemClock
from bot.delivery import Worker, open_inbox
from bot.delivery.bursts import LONGEST, QUICK
from bot.messages import Addressing, Author, Pressed, Received
from bot.storage import Database
from bot.storage.tables import decisions, events, messages
from tests.delivery.changes import Wall, deleted, edited, quick, working
from tests.delivery.conftest import Desk
from tests.delivery.platform import Echo
from tests.delivery.support import received


async def test_a_line_that_comes_before_the_post_is_answered_together_with_the_first(
    desk: Desk,
) -> None:
    async with working(desk) as room:
        room.wall.open_gate.clear()
        await room.take(quick(1, text="where is"))
        await room.attempted()
        await room.take(quick(2, text="my order?"))
        room.wall.open_gate.set()
        await room.settled()

        assert room.wall.texts == ["you said: where is", "my order?"]
        assert {message for message, _ in room.wall.posts} == {quick(2).message.id}
        assert [attempt for _, attempt in room.wall.attempts] == [1, 1]
        assert await room.transcript() == [
            ("customer", "where is"),
            ("customer", "my order?"),
            ("bot", "you said: where is\nmy order?"),
        ]


async def test_what_is_stored_tells_which_messages_an_answer_covers(desk: Desk) -> None:
    async with working(desk) as room:
        room.wall.open_gate.clear()
        await room.take(quick(1), quick(2), quick(3))
        room.wall.open_gate.set()
        await room.settled()
    query = select(messages.c.event, messages.c.answered_by).where(messages.c.role == "customer")
    async with desk.database.read() as connection:
        covered = [tuple(row) for row in await connection.execute(query.order_by(messages.c.id))]
        decided = list(await connection.scalars(select(decisions.c.message)))
    last = quick(3).message.id
    assert covered == [(quick(1).message.id, last), (quick(2).message.id, last), (last, "")]
    assert decided == [last]


async def test_a_line_that_comes_after_the_post_has_an_answer_of_its_own(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(quick(1))
        await room.settled()
        await room.take(quick(2))
        await room.settled()

        assert room.wall.texts == ["you said: message 1", "you said: message 2"]


@pytest.mark.parametrize(
    "second",
    [
        quick(2, author="ben"),
        received(2, apart=QUICK),
        replace(quick(2), message=replace(quick(2).message, addressing=Addressing.COMMAND)),
        replace(quick(2), message=replace(quick(2).message, text="/frontdesk pause")),
        Pressed(quick(2).message, "b_1"),
        Received(replace(quick(2).message, author=Author("test:team:ann", staff=True))),
    ],
    ids=["somebody else", "much later", "a command", "typed command", "a press", "staff"],
)
async def test_what_is_no_further_line_is_answered_by_itself(
    desk: Desk, second: Received | Pressed
) -> None:
    first = quick(1)
    await desk.inbox.accept(first)
    await desk.inbox.accept(second)
    claim = await desk.inbox.claim()

    assert claim.event == first
    assert claim.covers == ()


async def test_lines_of_two_people_stay_apart_and_in_order(desk: Desk) -> None:
    async with working(desk) as room:
        room.wall.open_gate.clear()
        await room.take(quick(1), quick(2, author="ben"), quick(3, author="ben"), quick(4))
        room.wall.open_gate.set()
        await room.settled()

        assert room.wall.texts == [
            "you said: message 1",
            "you said: message 2",
            "message 3",
            "you said: message 4",
        ]


async def test_more_than_a_question_may_hold_becomes_the_next_one(desk: Desk) -> None:
    long = "x" * (LONGEST // 2)
    for number in (1, 2, 3):
        await desk.inbox.accept(quick(number, text=long))
    first = await desk.inbox.claim()

    assert [message.id for message in first.covers] == [
        quick(1).message.id,
        quick(2).message.id,
    ]


@pytest.mark.parametrize("begun", [False, True], ids=["before the post", "amid the post"])
async def test_after_a_death_each_line_is_covered_once(desk: Desk, begun: bool) -> None:
    """Before the post the group may grow; from the post on it stays as it was."""
    await desk.inbox.accept(quick(1))
    await desk.inbox.accept(quick(2))
    claim = await desk.inbox.claim()
    if begun:
        await desk.inbox.reserve(claim)
    await desk.restart()
    await desk.inbox.accept(quick(3))
    async with working(desk) as room:
        await room.settled()
    query = select(messages.c.event, messages.c.answered_by).where(messages.c.role == "customer")
    async with desk.database.read() as connection:
        covered = {
            row.event: row.answered_by or row.event for row in await connection.execute(query)
        }
    lead = quick(2 if begun else 3).message.id
    assert covered == {
        quick(1).message.id: lead,
        quick(2).message.id: lead,
        quick(3).message.id: quick(3).message.id,
    }


async def test_a_message_that_kills_is_found_although_it_has_two_lines(desk: Desk) -> None:
    await desk.inbox.accept(quick(1))
    await desk.inbox.accept(quick(2))
    for times in range(3):
        claim = await desk.inbox.claim()
        assert (claim.interrupted, claim.interrupted_alone) == (times, times)
        await desk.restart()


async def test_a_line_of_a_burst_that_is_edited_or_deleted_meanwhile_is_as_it_is_then(
    desk: Desk,
) -> None:
    async with working(desk) as room:
        room.wall.open_gate.clear()
        await room.take(quick(1), quick(2), quick(3))
        await room.attempted()
        await room.take(edited(quick(1), "first"), deleted(quick(2)))
        room.wall.open_gate.set()
        await room.settled()

        assert room.wall.texts == ["you said: first", "message 3"]
        assert "message 2" not in str(await room.transcript())


async def test_a_burst_whose_lines_are_all_deleted_is_not_answered(desk: Desk) -> None:
    async with working(desk) as room:
        room.wall.open_gate.clear()
        await room.take(quick(1), quick(2))
        await room.attempted()
        await room.take(deleted(quick(1)), deleted(quick(2)))
        room.wall.open_gate.set()
        await room.settled()

        assert room.wall.posts == []
        assert await room.transcript() == []


async def _answered_burst(room_desk: Desk, *change: object) -> list[str]:
    async with working(room_desk) as room:
        room.wall.open_gate.clear()
        await room.take(quick(1), quick(2))
        room.wall.open_gate.set()
        await room.settled()
        await room.take(*change)  # type: ignore[arg-type]
        await room.settled()
        return room.wall.texts


async def test_the_edit_of_a_line_after_the_answer_answers_all_lines_again(desk: Desk) -> None:
    assert await _answered_burst(desk, edited(quick(1), "first")) == [
        "you said: first",
        "message 2",
    ]


async def test_the_deletion_of_a_line_leaves_the_answer_to_the_others(desk: Desk) -> None:
    assert await _answered_burst(desk, deleted(quick(2))) == ["you said: message 1"]


async def test_the_deletion_of_all_lines_takes_the_answer_back(desk: Desk) -> None:
    assert await _answered_burst(desk, deleted(quick(2)), deleted(quick(1))) == []


async def test_a_greeting_before_the_question_is_covered_and_not_answered(desk: Desk) -> None:
    async with working(desk) as room:
        room.wall.open_gate.clear()
        await room.take(quick(1, text="Hi!"), quick(2, text="where is my order?"))
        room.wall.open_gate.set()
        await room.settled()

        assert room.wall.texts == ["you said: where is my order?"]
        assert len(await room.transcript()) == 3


async def test_a_greeting_waits_for_its_question_and_holds_up_nobody(desk: Desk) -> None:
    now = SystemClock().now()

    def fresh(event: Received) -> Received:
        return Received(replace(event.message, sent_at=now))

    wall = Wall()
    clock = SystemClock()
    worker = Worker(
        desk.inbox, Echo(), {"test": wall}, concurrency=1, clock=clock, greeting_wait=60.0
    )
    running = asyncio.create_task(worker.run())
    await desk.inbox.accept(fresh(received(1, text="hello there")))
    while not wall.thinking_about:  # noqa: ASYNC110 - a list tells nobody
        await asyncio.sleep(0.005)
    await desk.inbox.accept(received(1, "test:app:two", text="other"))
    while not wall.posts:  # noqa: ASYNC110 - a list tells nobody
        await asyncio.sleep(0.005)
    await desk.inbox.accept(fresh(received(2, text="where is my order?")))
    while len(wall.posts) < 2:  # noqa: ASYNC110 - a list tells nobody
        await asyncio.sleep(0.005)
    await worker.stop()
    await running

    assert wall.texts == ["you said: other", "you said: where is my order?"]


async def test_a_greeting_that_still_waits_is_given_back_when_the_desk_stops(desk: Desk) -> None:
    wall, clock = Wall(), SystemClock()
    worker = Worker(
        desk.inbox, Echo(), {"test": wall}, concurrency=1, clock=clock, greeting_wait=60.0
    )
    running = asyncio.create_task(worker.run())
    greeting = received(1, text="hello")
    await desk.inbox.accept(Received(replace(greeting.message, sent_at=clock.now())))
    while not wall.thinking_about:  # noqa: ASYNC110 - a list tells nobody
        await asyncio.sleep(0.005)
    await worker.stop(grace=0.0)
    await running

    assert (await desk.inbox.claim()).event.message.id == greeting.message.id


async def test_another_process_is_told_that_its_answer_is_in_vain(
    database: Database,
) -> None:
    """The line arrives in one process while another makes the answer."""
    if database.path is not None:
        pytest.skip("one process at a time serves from a file")
    clock = SystemClock()
    async with open_inbox(database, clock) as here, open_inbox(database, clock) as there:
        await here.accept(quick(1))
        claim = await there.claim()
        dropped = asyncio.create_task(there.superseded(claim))
        await asyncio.sleep(0)
        await here.accept(quick(2))
        async with asyncio.timeout(10):
            await dropped
        await there.release(claim)
        again = await there.claim()

    assert [message.id for message in again.covers] == [quick(1).message.id, quick(2).message.id]
    async with database.read() as connection:
        assert len((await connection.execute(select(events.c.id))).all()) == 2
