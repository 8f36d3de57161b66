"""A chosen bot is answered a few times in a row, and then no more."""

from __future__ import annotations

import pytest

from bot.messages import Addressing, DecisionKind
from bot.storage import Database
from tests.stages.shared_place import ANN, Place

AMBIENT, MENTION, THREAD = Addressing.AMBIENT, Addressing.MENTION, Addressing.THREAD


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database)


async def test_three_answers_in_a_row_are_followed_by_silence_and_an_alert(place: Place) -> None:
    found = [
        (await place.hear("robot", "how much is it?", addressing, bot=True)).kind
        for addressing in (AMBIENT, MENTION, AMBIENT, MENTION, AMBIENT)
    ]
    assert found == [DecisionKind.INTENT] * 3 + [DecisionKind.SILENT] * 2
    assert place.alerts.alerted[0].startswith("bot:test:team:robot test:team:robot was answered 3")


async def test_a_person_who_asks_in_between_ends_the_row(place: Place) -> None:
    for _ in range(3):
        await place.hear("robot", "how much is it?", AMBIENT, bot=True)
    await place.hear(ANN, "how much is it?", AMBIENT)
    again = await place.hear("robot", "how much is it?", AMBIENT, bot=True)
    assert again.kind is DecisionKind.INTENT


async def test_after_an_hour_a_row_is_over(place: Place) -> None:
    for _ in range(3):
        await place.hear("robot", "how much is it?", AMBIENT, bot=True)
    await place.wait(61)
    again = await place.hear("robot", "how much is it?", AMBIENT, bot=True)
    assert again.kind is DecisionKind.INTENT


async def test_people_may_ask_as_often_as_they_like(place: Place) -> None:
    for _ in range(5):
        assert (await place.hear(ANN, "how much is it?", AMBIENT)).kind is DecisionKind.INTENT


async def test_a_bot_is_not_answered_in_a_thread(place: Place) -> None:
    await place.hear(ANN, "can I return boots?", MENTION)
    silent = await place.hear("robot", "how much is it?", THREAD, bot=True)
    assert silent.reasons == ("not for the bot: a bot speaks in a thread",)
