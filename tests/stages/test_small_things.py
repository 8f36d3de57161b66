"""Numbers alone, and the small things that customers say when nothing was asked."""

from __future__ import annotations

import pytest

from bot.messages import DecisionKind
from bot.storage import Database
from tests.stages.own_questions import Desk


@pytest.fixture
def talking(database: Database) -> Desk:
    return Desk(database)


@pytest.mark.parametrize("typed", ["48213", "it's 48213", "order no 48213", "#48213, thanks"])
async def test_a_number_alone_goes_to_what_was_answered_last(talking: Desk, typed: str) -> None:
    await talking.say("how long")
    heard = await talking.say(typed)
    assert (heard.text, heard.intents) == ("Two days.", ["shipping_time"])
    assert heard.decision.reasons[-1] == "a number alone: shipping_time was answered last"


async def test_a_number_goes_to_what_was_chosen_by_a_button(talking: Desk) -> None:
    buttons = (await talking.say("my order")).buttons
    await talking.press(buttons["Change the order"])
    assert (await talking.say("48213")).intents == ["change_order"]


async def test_a_number_with_a_wish_is_a_new_question(talking: Desk) -> None:
    await talking.say("how long")
    assert (await talking.say("cancel 48213")).text == "Cancelled like this."


async def test_a_number_out_of_the_blue_is_asked_about(talking: Desk) -> None:
    heard = await talking.say("48213")
    assert heard.text.startswith("Thank you. What would you like to know about this number?")
    await talking.say("thank you")
    assert (await talking.say("48213")).kind is DecisionKind.UNKNOWN


async def test_what_can_be_done_with_a_number_is_offered(talking: Desk) -> None:
    talking.subjects = ("track_order", "thanks")
    heard = await talking.say("order no 48213, please")
    assert heard.text.startswith("Thank you. What would you like to know about this number?")
    assert list(heard.buttons) == ["Track my order"]
    assert heard.kind is DecisionKind.CLARIFY


async def test_a_number_while_a_question_is_open_brings_its_buttons_again(talking: Desk) -> None:
    await talking.say("my order")
    heard = await talking.say("48213")
    assert (heard.kind, len(heard.buttons)) == (DecisionKind.CLARIFY, 3)


@pytest.mark.parametrize("typed", ["ok", "no", "hm", "k", "lol", "yes", "never mind", "no thanks"])
async def test_small_things_bring_no_buttons(talking: Desk, typed: str) -> None:
    heard = await talking.say(typed)
    assert heard.text == "All right. If I can do something for you, just ask me in your own words."
    assert heard.buttons == {}


async def test_thanks_are_left_to_their_intent(talking: Desk) -> None:
    assert (await talking.say("thank you")).text == "You are welcome."


async def test_help_says_what_can_be_asked(talking: Desk) -> None:
    heard = await talking.say("help me pls")
    assert heard.kind is DecisionKind.HELP
    assert "- Cancel my order\n- Change the order\n" in heard.text
    assert heard.text.endswith("Or talk to a person: me@x.")


async def test_help_is_answered_in_the_language_that_it_is_asked_in(talking: Desk) -> None:
    heard = await talking.say("hilfe")
    assert heard.decision.language == "de"
    assert heard.text.startswith("Sie können mich")


async def test_what_admins_taught_is_left_to_the_classifier(talking: Desk) -> None:
    assert (await talking.say("fine")).text == "You are welcome."


async def test_small_talk_is_never_offered_as_a_button(talking: Desk) -> None:
    heard = await talking.say("about my order")
    assert heard.kind is DecisionKind.UNKNOWN
    assert heard.buttons == {}
