"""What customers type under the bot's own question counts as the press of a button."""

from __future__ import annotations

import pytest

from bot.messages import DecisionKind
from bot.storage import Database
from tests.stages.own_questions import Desk

CANCEL, CHANGE, REFUND = "Cancelled like this.", "Changed like this.", "Your money comes."
OTHER_WORDS = "Then tell me in other words what you need, or ask a person: me@x."


@pytest.fixture
async def asked(database: Database) -> Desk:
    """A desk that has just asked whether an order is to be cancelled or changed."""
    desk = Desk(database)
    heard = await desk.say("my order")
    assert list(heard.buttons) == ["Cancel my order", "Change the order", "Neither of these"]
    return desk


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ("the first one pls", CANCEL),
        ("2.", CHANGE),
        ("b", CHANGE),
        ("teh secnd", CHANGE),
        ("the latter", CHANGE),
        ("das erste", CANCEL),
        ("第二个", CHANGE),
        ("cancle", CANCEL),
        ("the change thing", CHANGE),
        ("no, cancel it", CANCEL),
        ("call it off", CANCEL),
        ("not the cancel one", CHANGE),
        ("don't cancel, change", CHANGE),
    ],
)
async def test_what_names_a_button_is_its_press(asked: Desk, typed: str, reply: str) -> None:
    heard = await asked.say(typed)
    assert (heard.text, heard.kind) == (reply, DecisionKind.INTENT)
    assert any(each.startswith('typed, for "C') for each in heard.decision.reasons)


async def test_a_typed_choice_uses_the_button_up(database: Database) -> None:
    desk = Desk(database)
    buttons = (await desk.say("my order")).buttons
    assert (await desk.say("1")).text == CANCEL
    assert (await desk.press(buttons["Cancel my order"])).kind is DecisionKind.DECLINED
    assert (await desk.press(buttons["Change the order"])).text == CHANGE


async def test_a_bare_yes_to_two_choices_asks_which(asked: Desk) -> None:
    heard = await asked.say("yes")
    assert (heard.text, heard.kind) == ("Which one do you mean?", DecisionKind.CLARIFY)
    assert list(heard.buttons) == ["Cancel my order", "Change the order", "Neither of these"]
    assert (await asked.say("second")).text == CHANGE


@pytest.mark.parametrize(
    "typed", ["neither", "no", "nope sorry", "都不是", "3", "not sure", "neither of these"]
)
async def test_who_wants_neither_is_asked_for_other_words_without_buttons(
    asked: Desk, typed: str
) -> None:
    heard = await asked.say(typed)
    assert heard.kind is DecisionKind.UNKNOWN
    assert heard.buttons == {}
    assert typed == "都不是" or heard.text == OTHER_WORDS


async def test_who_gives_up_is_left_alone(asked: Desk) -> None:
    heard = await asked.say("never mind")
    assert heard.text.startswith("All right.")
    assert heard.buttons == {}


async def test_what_follows_neither_is_a_new_question(asked: Desk) -> None:
    heard = await asked.say("neither, when does it come")
    assert heard.text == "Two days."
    assert "the customer said that nothing offered fits" in heard.decision.reasons


async def test_what_was_declined_is_not_asked_about_again(asked: Desk) -> None:
    heard = await asked.say("neither. my order")
    assert (heard.text, heard.buttons) == (OTHER_WORDS, {})


async def test_a_new_question_is_a_new_question(asked: Desk) -> None:
    assert (await asked.say("when does it come")).text == "Two days."


async def test_a_question_in_chinese_that_holds_a_yes_is_a_new_question(asked: Desk) -> None:
    """What costs the shipping: the second word is also that of "yes"."""
    assert (await asked.say("运费是多少?")).text != "Which one do you mean?"
    assert (await asked.say("when does it come")).text == "Two days."


async def test_who_wants_both_gets_both_in_one_reply(asked: Desk) -> None:
    heard = await asked.say("both actually")
    assert heard.text == f"{CANCEL}\n\n{CHANGE}"
    assert heard.intents == ["cancel_order", "change_order"]


async def test_where_one_of_both_is_a_person_the_bot_asks_which(database: Database) -> None:
    desk = Desk(database)
    await desk.say("someone to talk to")
    assert (await desk.say("both")).text == "Which one do you mean?"


async def test_suggestions_are_answered_likewise(database: Database) -> None:
    desk = Desk(database)
    await desk.say("how long")
    assert (await desk.say("last one")).text == REFUND
    await desk.say("how long")
    assert (await desk.say("my money")).text == REFUND
    await desk.say("how long")
    assert (await desk.say("yes")).text == "Which one do you mean?"
    await desk.say("how to change it")
    assert (await desk.say("yes please")).text == REFUND


async def test_no_thanks_to_suggestions_ends_it(database: Database) -> None:
    desk = Desk(database)
    await desk.say("how to change it")
    assert (await desk.say("no thanks")).text.startswith("All right.")
    await desk.say("how to change it")
    assert (await desk.say("none of them")).text == OTHER_WORDS


async def test_only_the_latest_offer_of_the_same_person_counts(asked: Desk) -> None:
    assert (await asked.say("1", author="test:w:ben")).text != CANCEL
    assert (await asked.say("1", where="test:app:d")).text != CANCEL
    await asked.say("when does it come")
    assert (await asked.say("cancel")).text != CANCEL
