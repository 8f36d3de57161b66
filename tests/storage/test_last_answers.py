"""What a person was answered last, with the buttons under it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.messages import (
    Author,
    Choice,
    DecisionKind,
    Event,
    Message,
    Pressed,
    Received,
    ScoredIntent,
)
from bot.storage import Database, StoredButtons
from bot.storage.buttons import LIFETIME
from bot.storage.last_answers import StoredLastAnswers
from bot.storage.questions import asked
from bot.storage.transcripts import record
from tests.delivery.support import START, MovableClock, outcome

ANN, BEN = "test:w:ann", "test:w:ben"
HERE, THERE = "test:app:one", "test:app:two"
RETURN, REFUND = (Choice("intent", name, "q", "en") for name in ("return_item", "refund_status"))


def said(number: int, author: str = ANN, where: str = HERE) -> Received:
    return Received(Message(f"{where}:{number}", where, Author(author), "hm", START))


async def answered(
    database: Database, event: Event, kind: DecisionKind = DecisionKind.CLARIFY, *intents: str
) -> None:
    done = outcome(event)
    ranked = tuple(ScoredIntent(name, 0.5) for name in intents)
    decision = replace(done.decision, kind=kind, intents=ranked, parts=())
    await database.write(
        partial(record, answered=[(event, replace(done, decision=decision))], at=START)
    )


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


async def offered(database: Database, clock: MovableClock) -> StoredLastAnswers:
    """Answer a first message of Ann with two buttons."""
    await answered(database, said(1), DecisionKind.CLARIFY, "return_item")
    buttons = StoredButtons(database, clock)
    await buttons.offer(said(1).message.id, [("Return", RETURN), ("Refund", REFUND)])
    return StoredLastAnswers(database, clock)


async def labels(last: StoredLastAnswers, author: str = ANN, where: str = HERE) -> list[str]:
    found = await last.last_answer(where, author)
    return [] if found is None else [each.button.label for each in found.offered]


async def test_the_buttons_of_the_last_answer_come_in_their_order(
    database: Database, clock: MovableClock
) -> None:
    last = await offered(database, clock)
    found = await last.last_answer(HERE, ANN)
    assert found is not None
    assert (found.kind, found.intent) == (DecisionKind.CLARIFY, "return_item")
    assert [each.choice for each in found.offered] == [RETURN, REFUND]


async def test_they_are_for_the_same_person_in_the_same_conversation(
    database: Database, clock: MovableClock
) -> None:
    last = await offered(database, clock)
    await answered(database, said(2, BEN))
    await answered(database, said(3, where=THERE))
    assert await labels(last) == ["Return", "Refund"]
    assert await labels(last, BEN) == await labels(last, where=THERE) == []
    assert await last.last_answer(HERE, "test:w:eve") is None


async def test_a_later_answer_ends_them(database: Database, clock: MovableClock) -> None:
    last = await offered(database, clock)
    await answered(database, said(2), DecisionKind.INTENT, "stock")
    found = await last.last_answer(HERE, ANN)
    assert found is not None
    assert (found.intent, found.offered) == ("stock", ())


async def test_a_command_ends_nothing_and_a_line_of_staff_does(
    database: Database, clock: MovableClock
) -> None:
    last = await offered(database, clock)
    await answered(database, said(2), DecisionKind.COMMAND)
    assert await labels(last) == ["Return", "Refund"]
    await answered(database, said(3, "test:w:staff"), DecisionKind.STAFF)
    assert await last.last_answer(HERE, ANN) is None


async def test_they_end_with_their_lifetime(database: Database, clock: MovableClock) -> None:
    last = await offered(database, clock)
    clock.move((LIFETIME + timedelta(seconds=1)).total_seconds())
    assert await labels(last) == []


async def test_after_a_press_the_intent_is_the_one_that_was_chosen(
    database: Database, clock: MovableClock
) -> None:
    last = await offered(database, clock)
    found = await last.last_answer(HERE, ANN)
    assert found is not None
    press = said(2).message
    await StoredButtons(database, clock).pressing(found.offered[1].button.id, press)
    await answered(database, Pressed(press, found.offered[1].button.id), DecisionKind.INTENT)
    after = await last.last_answer(HERE, ANN)
    assert after is not None
    assert after.intent == "refund_status"


async def test_what_chose_a_button_is_not_kept_for_labelling(
    database: Database, clock: MovableClock
) -> None:
    last = await offered(database, clock)
    found = await last.last_answer(HERE, ANN)
    assert found is not None
    typed = said(2)
    await StoredButtons(database, clock).pressing(found.offered[1].button.id, typed.message)
    await answered(database, typed, DecisionKind.INTENT, "refund_status")
    assert [each.understood for each in await asked(database, since=START)] == ["return_item"]
