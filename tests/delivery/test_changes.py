"""Edits and deletions: whatever stands at the end answers what stands of the question."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import SystemClock
from bot.conversations import Owner
from bot.messages import Addressing, Choice
from bot.open_form import FormChange
from bot.storage import StoredButtons
from bot.storage.conversation_states import StoredStates
from bot.storage.forms import StoredForms
from bot.storage.tables import choices, dead_letters, messages, people
from tests.delivery.changes import Wall, deleted, edited, working
from tests.delivery.conftest import Desk
from tests.delivery.support import received
from tests.open_forms import an_open_form

LATE = timedelta(minutes=2)
QUESTION = received(1, text="where is my oder?")


async def test_a_quick_edit_of_the_last_question_changes_the_answer_in_place(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        await room.take(edited(QUESTION, "where is my order?"))
        await room.settled()

        assert room.wall.shown == {"post 1": "you said: where is my order?"}
        assert await room.transcript() == [
            ("customer", "where is my order?"),
            ("bot", "you said: where is my order?"),
        ]


async def test_an_edited_answer_may_have_more_posts_or_fewer(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        await room.take(edited(QUESTION, "one\ntwo\nthree"))
        await room.settled()
        assert room.wall.texts == ["you said: one", "two", "three"]

        await room.take(edited(QUESTION, "one\ntwo", number=2))
        await room.settled()
        assert room.wall.shown == {"post 1": "you said: one", "post 2": "two"}

        await room.take(edited(QUESTION, "one\ntwo\nfour", number=3))
        await room.settled()
        assert room.wall.texts == ["you said: one", "two", "four"]


async def test_an_edit_that_needs_no_answer_takes_the_answer_back(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        await room.take(edited(QUESTION, "hush"))
        await room.settled()

        assert room.wall.shown == {}
        assert await room.transcript() == [("customer", "hush")]


async def test_a_later_edit_changes_the_stored_text_alone(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        await room.take(edited(QUESTION, "something else", after=LATE))
        await room.settled()

        assert room.wall.texts == ["you said: where is my oder?"]
        assert (await room.transcript())[0] == ("customer", "something else")


async def test_an_edit_of_an_earlier_question_changes_the_stored_text_alone(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(QUESTION, received(2, text="and the tent?"))
        await room.settled()
        await room.take(edited(QUESTION, "something else"))
        await room.settled()

        assert room.wall.texts == ["you said: where is my oder?", "you said: and the tent?"]
        assert (await room.transcript())[0] == ("customer", "something else")


async def test_an_edit_that_says_the_same_is_never_answered_again(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        await room.take(edited(QUESTION, QUESTION.message.text))
        await room.settled()

        assert len(room.wall.attempts) == 1


async def test_an_edit_that_comes_twice_is_applied_once(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        await room.take(*[edited(QUESTION, "where is my order?")] * 3)
        await room.settled()

        assert room.taken == [True, True, False, False]
        assert len(room.wall.attempts) == 2


async def test_an_edit_before_anything_is_posted_is_what_is_answered(desk: Desk) -> None:
    async with working(desk) as room:
        room.wall.open_gate.clear()
        await room.take(QUESTION)
        await room.attempted()
        await room.take(edited(QUESTION, "where is my order?", after=LATE))
        room.wall.open_gate.set()
        await room.settled()

        assert room.wall.texts == ["you said: where is my order?"]
        assert [attempt for _, attempt in room.wall.attempts] == [1, 1]


class SlowWall(Wall):
    """Stops at each post until it is let go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()
        self.go_on = asyncio.Event()

    async def before_each(self) -> None:
        self.reached.set()
        await self.go_on.wait()


async def test_an_edit_while_the_answer_is_posted_changes_it_in_place(desk: Desk) -> None:
    wall = SlowWall()
    async with working(desk, wall=wall) as room:
        await room.take(received(1, text="one\ntwo"))
        await wall.reached.wait()
        await room.take(edited(received(1), "three\nfour\nfive"))
        wall.go_on.set()
        await room.settled()

        assert wall.texts == ["you said: three", "four", "five"]
        assert (await room.transcript())[0] == ("customer", "three\nfour\nfive")


async def test_a_deletion_while_the_answer_is_posted_ends_it_and_takes_it_back(desk: Desk) -> None:
    wall = SlowWall()
    async with working(desk, wall=wall) as room:
        await room.take(received(1, text="one\ntwo"))
        await wall.reached.wait()
        await room.take(deleted(received(1)))
        wall.go_on.set()
        await room.settled()

        assert len(wall.posts) == 1
        assert wall.shown == {}
        assert await room.transcript() == []


async def test_a_deletion_before_anything_is_posted_stops_the_answer(desk: Desk) -> None:
    async with working(desk) as room:
        room.wall.open_gate.clear()
        await room.take(QUESTION)
        await room.attempted()
        await room.take(deleted(QUESTION))
        await room.settled()

        assert room.wall.posts == []
        assert await room.transcript() == []


async def test_a_question_that_is_deleted_while_it_waits_is_not_answered(desk: Desk) -> None:
    async with working(desk) as room:
        room.wall.open_gate.clear()
        waits = received(2)
        await room.take(QUESTION)
        await room.attempted()
        await room.take(waits, deleted(waits))
        room.wall.open_gate.set()
        await room.settled()

        assert room.wall.texts == ["you said: where is my oder?"]
        assert "message 2" not in str(await room.transcript())


async def test_an_answer_is_withdrawn_with_its_question(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        await room.take(deleted(QUESTION))
        await room.settled()

        assert room.wall.shown == {}
        assert await room.transcript() == []
        async with desk.database.read() as connection:
            # whoever saw no introduction is introduced next time
            assert list(await connection.scalars(select(people.c.introduced_at))) == [None]


async def test_what_is_taken_back_is_known_and_not_looked_for_after_an_interruption(
    desk: Desk,
) -> None:
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        wall = room.wall
    wall.shown["post of somebody else"] = "stays"
    await desk.inbox.accept(deleted(QUESTION))
    await desk.inbox.claim()
    await desk.restart()  # as after kill -9
    async with working(desk, wall=wall) as room:
        await room.settled()
        assert wall.withdrawn == [(QUESTION.message.id, 1, QUESTION.message.sent_at)]
        assert wall.texts == ["stays"]


async def test_an_old_answer_stays_when_its_question_is_deleted(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        now = SystemClock().now()
        gone = deleted(QUESTION, after=now - QUESTION.message.sent_at + timedelta(minutes=16))
        await room.take(gone)
        await room.settled()

        assert room.wall.texts == ["you said: where is my oder?"]
        assert await room.transcript() == [("bot", "you said: where is my oder?")]


async def test_an_answer_that_somebody_has_replied_to_stays(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(QUESTION, received(2, text="thanks", author="ben"))
        await room.settled()
        await room.take(deleted(QUESTION))
        await room.settled()

        assert len(room.wall.texts) == 2
        assert "oder" not in str([each for each in await room.transcript() if each[0] != "bot"])


async def test_a_deleted_question_leaves_its_buttons_and_what_was_given_up(desk: Desk) -> None:
    buttons = StoredButtons(desk.database, SystemClock())
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        secret = Choice("neither", "", QUESTION.message.text)
        await buttons.offer(QUESTION.message.id, [("No", secret)])
        await room.take(deleted(QUESTION))
        await room.settled()
    await desk.inbox.accept(received(7, text="my secret"))
    await desk.inbox.dead_letter(await desk.inbox.claim(), "a bug")
    async with working(desk) as room:
        await room.take(deleted(received(7)))
        await room.settled()

    async with desk.database.read() as connection:
        assert list(await connection.scalars(select(choices.c.id))) == []
        (letter,) = await connection.scalars(select(dead_letters.c.payload))
    assert letter["message"]["text"] == ""


async def test_a_deletion_that_overtakes_its_message_wins(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(deleted(QUESTION), QUESTION)
        await room.settled()

        assert room.taken == [True, False]
        assert room.wall.posts == []


async def test_an_edit_that_overtakes_its_message_is_answered_in_its_place(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(edited(QUESTION, "where is my order?"), QUESTION)
        await room.settled()

        assert room.wall.texts == ["you said: where is my order?"]
        assert room.taken == [True, False]


async def test_changes_of_what_was_never_stored_are_none_of_our_business(desk: Desk) -> None:
    ambient = received(1, addressing=Addressing.AMBIENT)
    async with working(desk) as room:
        await room.take(ambient, edited(ambient, "lunch at one", number=1), deleted(ambient))
        await room.take(edited(QUESTION, "last year's", after=timedelta(days=300)))
        await room.settled()

        assert room.taken == [False] * 4
        assert room.wall.posts == []


async def test_an_edit_that_adds_a_mention_is_a_question(desk: Desk) -> None:
    said = received(1, addressing=Addressing.AMBIENT)
    mention = edited(received(1, addressing=Addressing.MENTION), "and you?", after=LATE)
    async with working(desk) as room:
        await room.take(said, mention)
        await room.settled()

        assert room.wall.texts == ["you said: and you?"]


async def test_an_edit_is_a_note_where_a_person_owns_the_conversation(desk: Desk) -> None:
    states = StoredStates(desk.database, SystemClock())
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        state = await states.state(QUESTION.message.conversation)
        await states.change(state.moved(Owner.HUMAN, assignee="test:team:agent"))
        await room.take(edited(QUESTION, "it is order 7"))
        await room.settled()

        assert room.wall.texts == ["you said: where is my oder?"]
        assert await room.transcript() == [
            ("customer", "where is my oder?"),
            ("bot", "you said: where is my oder?"),
            ("customer", "it is order 7"),
        ]


async def test_an_edit_is_a_note_while_a_form_runs(desk: Desk) -> None:
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        form = an_open_form(QUESTION.message.conversation, "test:team:ann")
        await StoredForms(desk.database).change(FormChange(None, form), at=form.expires_at)
        await room.take(edited(QUESTION, "it is order 7"))
        await room.settled()

        assert room.wall.texts == ["you said: where is my oder?"]
        assert (await room.transcript())[-1] == ("customer", "it is order 7")


async def test_buttons_of_the_answer_to_an_earlier_wording_are_dead(desk: Desk) -> None:
    buttons = StoredButtons(desk.database, SystemClock())
    (old,) = await buttons.offer(QUESTION.message.id, [("Yes", Choice("intent", "orders"))])
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        (new,) = await buttons.offer(
            QUESTION.message.id, [("Yes", Choice("intent", "orders"))], revision=1
        )
        await room.take(edited(QUESTION, "where is my order?"))
        await room.settled()

    assert new.id != old.id
    assert await buttons.choice(old.id) is None
    assert await buttons.choice(new.id) is not None


async def test_an_edit_whose_answer_was_interrupted_goes_on_from_what_stands(desk: Desk) -> None:
    wall = SlowWall()
    wall.go_on.set()
    async with working(desk, wall=wall) as room:
        await room.take(received(1, text="one\ntwo"))
        await room.settled()
    wall.go_on.clear()
    wall.reached.clear()
    await desk.inbox.accept(edited(received(1), "three\nfour\nfive"))
    claim = await desk.inbox.claim()
    await desk.inbox.reserve(claim)
    await desk.restart()  # as after kill -9
    wall.go_on.set()
    async with working(desk, wall=wall) as room:
        await room.settled()

        assert wall.texts == ["you said: three", "four", "five"]


@pytest.mark.parametrize("times", [1, 2])
async def test_each_answer_is_recorded_with_where_it_stands(desk: Desk, times: int) -> None:
    async with working(desk) as room:
        await room.take(QUESTION)
        await room.settled()
        for number in range(1, times):
            await room.take(edited(QUESTION, f"text {number}\nmore"))
            await room.settled()
    async with desk.database.read() as connection:
        query = select(messages.c.posted).where(messages.c.role == "bot")
        (posted,) = await connection.scalars(query)
    assert posted == ["post 1", "post 2"][:times]
