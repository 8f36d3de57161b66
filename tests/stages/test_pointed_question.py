"""A mention that only points is about what somebody else wrote."""

from __future__ import annotations

import pytest

from bot.addressing import Addressees
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Addressing
from bot.ports import EarlierLine
from bot.storage import Database
from tests.stages.shared_place import ANN, BEN, Place

MENTION = Addressing.MENTION
QUESTION = EarlierLine("3", "how much is it?", "test:team:ann")
TALK = EarlierLine("4", "lol", "test:team:ann")


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database)


@pytest.mark.parametrize("text", ["can you answer this?", ""])
async def test_the_surest_question_before_it_is_answered(place: Place, text: str) -> None:
    place.platform.lines = (TALK, QUESTION)
    decision = await place.hear(BEN, text or " ", MENTION)
    assert place.answering.asked == ["how much is it?"]
    assert "asks about the message 3" in decision.reasons


async def test_the_message_that_it_replies_to_is_meant_whatever_it_says(place: Place) -> None:
    place.platform.lines = (TALK, QUESTION)
    to = Addressees(reply_to="test:team:ann", parent="4")
    await place.hear(BEN, "can you answer this?", MENTION, to=to)
    assert place.answering.asked == ["lol"]


async def test_what_asks_by_itself_is_answered_itself(place: Place) -> None:
    place.platform.lines = (QUESTION,)
    await place.hear(BEN, "can I return boots?", MENTION)
    assert place.answering.asked == ["can I return boots?"]
    assert place.platform.looked == 0


@pytest.mark.parametrize("failure", [None, AdapterError("missing_scope")])
async def test_where_nothing_is_found_the_mention_is_answered_as_it_stands(
    place: Place, failure: Exception | None
) -> None:
    place.platform.failure = failure
    await place.hear(BEN, "can you answer this?", MENTION)
    assert place.answering.asked == ["can you answer this?"]


async def test_a_platform_that_is_away_is_asked_again(place: Place) -> None:
    place.platform.failure = ServiceUnavailable("slack: away")
    with pytest.raises(ServiceUnavailable):
        await place.hear(BEN, "can you answer this?", MENTION)


async def test_a_card_in_what_is_pointed_at_is_masked(place: Place) -> None:
    place.platform.lines = (EarlierLine("3", "my card 4111 1111 1111 1111", "test:team:ann"),)
    await place.hear(ANN, "can you answer this?", MENTION)
    assert "4111" not in place.answering.asked[0]
