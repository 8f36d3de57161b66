"""What a customer may say in a form, and what comes first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.forms.commands import (
    Answer,
    Command,
    Correct,
    FreeText,
    Heard,
    Human,
    No,
    Repeat,
    Said,
    SecondRequest,
    SideQuestion,
    Skip,
    Stop,
    Why,
    Yes,
    read_command,
)
from bot.answering.forms.extraction import SlotReading
from bot.answering.forms.said import read_said
from bot.messages import DecisionKind
from bot.open_form import SlotValue
from bot.ports import ActionInfo, ActionResult, DialogueAct
from bot.storage import Database
from tests.answering.forms.form_desk import FormDesk, ScriptedActions, taught
from tests.answering.forms.form_desk import Heard as Reply

WHOLE = SlotReading("48213", "48213", whole=True)
PART = SlotReading("48213", "48213")
REFUSED = SlotReading(refused="too_large")
CORRECTION = Correct("size", SlotValue("L", "L"))
EVERYTHING = Said(stop=True, skip=True, why=True, repeat=True, person=True)

ORDER: list[tuple[Heard, Command]] = [
    (Heard(EVERYTHING, wishes_person=True, correction=CORRECTION, other="x"), Human()),
    (Heard(Said(stop=True, skip=True), correction=CORRECTION, other="x"), Stop()),
    (Heard(reading=WHOLE, correction=CORRECTION, other="x"), CORRECTION),
    (Heard(Said(skip=True, why=True, repeat=True), other="x", asks=True), Skip()),
    (Heard(Said(why=True, repeat=True), other="x", asks=True), Why()),
    (Heard(Said(repeat=True), other="x", asks=True), Repeat()),
    (Heard(reading=WHOLE, other="x", other_begins=True), Answer(WHOLE)),
    (Heard(reading=PART), Answer(PART)),
    (Heard(reading=PART, other="x"), Answer(PART)),
    (Heard(reading=PART, other="x", marked=True), SideQuestion()),
    (Heard(reading=PART, other="x", other_begins=True, asks=True), SecondRequest()),
    (Heard(other="x"), SideQuestion()),
    (Heard(asks=True), SideQuestion()),
    (
        Heard(reading=SlotReading(refused="too_large"), asks=True),
        Answer(SlotReading(refused="too_large")),
    ),
    (Heard(), FreeText()),
    (Heard(EVERYTHING, reading=WHOLE, own_word=True), Answer(WHOLE)),
    (Heard(Said(stop=True, why=True), reading=PART), Answer(PART)),
    (Heard(Said(stop=True), reading=WHOLE, takes_text=True), Stop()),
    (Heard(reading=PART, takes_text=True, other="x", asks=True), Answer(PART)),
    (Heard(reading=PART, takes_text=True, other="x", marked=True), SideQuestion()),
    (Heard(Said(skip=True, pure=True), reading=PART), Skip()),
    (Heard(Said(yes=True), closed=True), Yes()),
    (Heard(Said(no=True, skip=True), closed=True), No()),
    (Heard(Said(yes=True)), FreeText()),
]


@pytest.mark.parametrize(("heard", "command"), ORDER)
def test_the_order_of_precedence(heard: Heard, command: Command) -> None:
    assert read_command(heard) == command


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cancel this please", "stop"),
        ("I don't want to do this anymore", "stop"),
        ("ach lass es", "stop"),
        ("算了", "stop"),
        ("laissez tomber", "stop"),
        ("I don't have it", "skip"),
        ("idk", "skip"),
        ("das möchte ich nicht sagen", "skip"),
        ("不想说", "skip"),
        ("why do you need that?", "why"),
        ("wozu brauchen Sie das denn", "why"),
        ("为什么要这个", "why"),
        ("what?", "repeat"),
        ("?", "repeat"),
        ("I don't understand", "repeat"),
        ("wie bitte", "repeat"),
        ("a human please", "person"),
        ("ich will einen Menschen", "person"),
        ("转人工", "person"),
        ("yes please", "yes"),
        ("ok", "yes"),
        ("nope", "no"),
    ],
)
def test_cue_phrases_in_several_languages(text: str, kind: str) -> None:
    said = read_said(text, lambda word: False)
    assert getattr(said, kind), said


@pytest.mark.parametrize(
    "text", ["the zip stopped working after a week", "I ordered two of them", "Main Street 12"]
)
def test_what_has_no_cue_says_nothing(text: str) -> None:
    assert read_said(text, lambda word: word.isalpha()) == Said()


SHOP = r"""
version: 1
intents:
  - name: return_item
    title: Return an item
    examples: [return it, send it back, I want to return, give it back, returning]
    slots:
      order_number:
        {type: pattern, pattern: '\b\d{5}\b', ask: Which order?, why: To find it.}
      size: {type: choice, choices: [M, L], ask: Which size?, after: [order_number]}
      note: {ask: What is wrong with it?, optional: true}
    reply: "Send {order_number} in {size} back."
  - name: swap
    title: Swap an item
    examples: [swap it, swap my item, I want to swap, please swap, swapping]
    slots: {colour: {type: choice, choices: [blue, red], ask: Which colour?}}
    reply: "Swapped for {colour}."
  - name: hours
    examples: [when are you open, opening hours, are you open, hours please, until when]
    reply: From 9 to 18.
  - name: person
    examples: [agent, human, a human please, real person, let me talk to someone]
    handoff: true
"""
SCRIPT = {
    "return it": "return_item",
    "when are you open": "hours",
    "swap it": "swap",
    "agent please": "person",
}


def shop(database: Database, folder: Path) -> FormDesk:
    return FormDesk(database, taught(folder / "intents", SHOP), SCRIPT)


async def test_a_side_question_is_answered_with_the_question_again(
    sqlite: Database, tmp_path: Path
) -> None:
    desk = shop(sqlite, tmp_path)
    await desk.say("return it")
    answered = await desk.say("when are you open")
    assert answered.text == "From 9 to 18.\n\nBack to “Return an item”: Which order?"
    assert (await desk.say("48213")).text == "Which size?"


async def test_a_question_is_not_asked_again_without_end(sqlite: Database, tmp_path: Path) -> None:
    line = "the same one as before"
    desk = replace(shop(sqlite, tmp_path), acts={line: DialogueAct.REPEAT})
    await desk.say("return it")
    told = [(await desk.say(line)).decision.reasons[-1] for _ in range(5)]
    assert told == [
        "asks for order_number again",
        "asks for order_number again",
        "asks for order_number, try 2",
        "asks for order_number, try 3",
        "order_number was asked for 3 times: a person goes on",
    ]


async def test_a_second_request_waits_for_the_first(sqlite: Database, tmp_path: Path) -> None:
    desk = shop(sqlite, tmp_path)
    await desk.say("return it")
    queued = await desk.say("swap it")
    assert queued.text.startswith("“Swap an item” comes next.\n\nBack to “Return an item”")
    for line in ("48213", "M"):
        await desk.say(line)
    then = await desk.say("skip")
    assert then.text == "Send 48213 in M back.\n\nNow “Swap an item”.\n\nWhich colour?"
    assert (await desk.say("blue")).text == "Swapped for blue."


async def test_why_repeat_skip_and_stop(sqlite: Database, tmp_path: Path) -> None:
    desk = shop(sqlite, tmp_path)
    await desk.say("return it")
    why = await desk.say("why do you need that")
    assert why.text == "To find it.\n\nWhich order?"
    assert "Stop" in why.buttons
    assert "Which order?" in (await desk.say("what?")).text
    needed = await desk.say("I don't have it")
    assert needed.text.startswith("I cannot go on without it.")
    assert (await desk.say("stop")).text == "“Return an item” is stopped. Nothing was changed."
    assert await desk.form() is None


async def test_questions_about_the_question_count_as_no_try(
    sqlite: Database, tmp_path: Path
) -> None:
    desk = shop(sqlite, tmp_path)
    await desk.say("return it")
    for _ in range(5):
        await desk.say("why do you need that")
        await desk.say("when are you open")
    form = await desk.form()
    assert form is not None
    assert form.tries == 1


async def test_what_is_wanted_instead_is_answered(sqlite: Database, tmp_path: Path) -> None:
    desk = shop(sqlite, tmp_path)
    await desk.say("return it")
    instead = await desk.say("forget it, swap it")
    assert instead.text == "“Return an item” is stopped. Nothing was changed.\n\nWhich colour?"


@pytest.mark.parametrize("line", ["agent please", "a human", "I want a human now"])
async def test_a_wish_for_a_person_ends_the_form(
    sqlite: Database, tmp_path: Path, line: str
) -> None:
    desk = shop(sqlite, tmp_path)
    await desk.say("return it")
    heard = await desk.say(line)
    assert heard.kind is DecisionKind.HANDOFF
    assert "“Return an item” is stopped. Nothing was changed." in heard.text
    assert await desk.form() is None


async def test_a_sure_intent_that_hands_over_yields_to_another_act(
    sqlite: Database, tmp_path: Path
) -> None:
    line = "I haven't got that with me"
    desk = replace(shop(sqlite, tmp_path), script={**SCRIPT, line: "person"})
    await desk.say("return it")
    assert (await replace(desk, acts={line: DialogueAct.SKIP}).say(line)).kind is DecisionKind.FORM
    assert await desk.form() is not None


async def test_a_correction_changes_an_earlier_slot(sqlite: Database, tmp_path: Path) -> None:
    desk = shop(sqlite, tmp_path)
    for line in ("return it", "48213", "M"):
        await desk.say(line)
    corrected = await desk.say("no I meant order 48231")
    assert corrected.text.startswith("Changed: order number is now 48231.\n\nSo I have to ask")
    assert corrected.text.endswith("Which size?")


async def test_free_text_changes_no_other_slot(sqlite: Database, tmp_path: Path) -> None:
    desk = shop(sqlite, tmp_path)
    for line in ("return it", "48213", "M"):
        await desk.say(line)
    done = await desk.say("they sent size L in order 48999, which is wrong")
    assert done.text == "Send 48213 in M back."


async def test_a_value_of_this_conversation_is_taken_once_it_is_confirmed(
    sqlite: Database, tmp_path: Path
) -> None:
    desk = shop(sqlite, tmp_path)
    await desk.say("my number is 48213")
    asked = await desk.say("return it")
    assert asked.text == "Is it 48213, as you wrote before (order number)?"
    assert list(asked.buttons) == ["Yes", "No"]
    assert (await desk.say("yes")).text == "Which size?"
    await desk.say("stop")
    other = await desk.say("return it")
    assert (await desk.press(other.buttons["No"])).text == "Which order?"


async def test_an_old_button_says_that_it_has_ended(sqlite: Database, tmp_path: Path) -> None:
    desk = shop(sqlite, tmp_path)
    for line in ("return it", "48213"):
        asked = await desk.say(line)
    await desk.say("stop")
    await desk.say("return it")
    assert (await desk.press(asked.buttons["L"])).kind is DecisionKind.DECLINED


CANCEL = {"cancel_order": ActionInfo("cancel_order", True, ("order_number", "size"), ("when",))}
WRITE = r"""
version: 1
intents:
  - name: cancel_order
    title: Cancel an order
    examples: [cancel my order, call it off, stop my order, undo my order, cancel order]
    slots:
      order_number: {type: pattern, pattern: '\b\d{5}\b', ask: Which order?}
      size: {type: choice, choices: [M, L], ask: Which size?}
    action: cancel_order
    reply: "{order_number} is cancelled: {when}."
"""


def cancelling(database: Database, folder: Path) -> FormDesk:
    actions = ScriptedActions(CANCEL, {"cancel_order": [ActionResult("done", {"when": "now"})]})
    intents = taught(folder / "intents", WRITE, CANCEL)
    return FormDesk(database, intents, {"call off 48213": "cancel_order"}, actions)


async def summed_up(desk: FormDesk) -> Reply:
    await desk.say("call off 48213")
    return await desk.say("M")


async def test_a_write_is_summed_up_and_confirmed_once(sqlite: Database, tmp_path: Path) -> None:
    desk = cancelling(sqlite, tmp_path)
    summary = await summed_up(desk)
    assert summary.text == "Cancel an order\n\n- order number: 48213\n- size: M\n\nIs that right?"
    assert list(summary.buttons) == ["Yes, do it", "Change something", "Stop"]
    assert desk.actions is not None
    assert desk.actions.called == []
    done = await desk.press(summary.buttons["Yes, do it"])
    assert (done.text, desk.actions.called) == ("48213 is cancelled: now.", ["cancel_order"])
    again = await desk.press(summary.buttons["Yes, do it"])
    assert (again.text, desk.actions.called) == ("", ["cancel_order"])


@pytest.mark.parametrize("line", ["yes", "ok do it", "ja", "好的"])
async def test_a_summary_is_confirmed_in_words(sqlite: Database, tmp_path: Path, line: str) -> None:
    desk = cancelling(sqlite, tmp_path)
    await summed_up(desk)
    assert (await desk.say(line)).text == "48213 is cancelled: now."


@pytest.mark.parametrize("line", ["no, size L please", "L", "make it L", "the size should be L"])
async def test_other_values_void_the_button(sqlite: Database, tmp_path: Path, line: str) -> None:
    desk = cancelling(sqlite, tmp_path)
    first = await summed_up(desk)
    changed = await desk.say(line)
    assert "- size: L" in changed.text
    voided = await desk.press(first.buttons["Yes, do it"])
    assert "Is that right?" in voided.text
    assert desk.actions is not None
    assert desk.actions.called == []


async def test_what_is_to_be_changed_is_chosen(sqlite: Database, tmp_path: Path) -> None:
    desk = cancelling(sqlite, tmp_path)
    first = await summed_up(desk)
    which = await desk.press(first.buttons["Change something"])
    assert "size" in which.buttons
    asked = await desk.press(which.buttons["size"])
    assert asked.text == "Which size?"
    assert "- size: L" in (await desk.say("L")).text


async def test_a_yes_to_what_is_to_be_changed_is_no_confirmation(
    sqlite: Database, tmp_path: Path
) -> None:
    desk = cancelling(sqlite, tmp_path)
    first = await summed_up(desk)
    await desk.press(first.buttons["Change something"])
    assert "Is that right?" in (await desk.say("yes")).text
    assert desk.actions is not None
    assert desk.actions.called == []
    assert (await desk.say("yes")).text == "48213 is cancelled: now."


AGREES = dict.fromkeys(("that would be the one", "yes and that would be the one"), DialogueAct.YES)


async def test_what_the_model_takes_for_a_yes_takes_what_is_proposed(
    sqlite: Database, tmp_path: Path
) -> None:
    desk = replace(shop(sqlite, tmp_path), acts=AGREES)
    await desk.say("my number is 48213")
    await desk.say("return it")
    assert (await desk.say("that would be the one")).text == "Which size?"


async def test_what_the_model_takes_for_a_yes_confirms_a_write_with_a_phrase_only(
    sqlite: Database, tmp_path: Path
) -> None:
    desk = replace(cancelling(sqlite, tmp_path), acts=AGREES)
    await summed_up(desk)
    assert "Is that right?" in (await desk.say("that would be the one")).text
    assert desk.actions is not None
    assert desk.actions.called == []
    done = await desk.say("yes and that would be the one")
    assert (done.text, desk.actions.called) == ("48213 is cancelled: now.", ["cancel_order"])


@pytest.mark.parametrize(
    "line",
    ["hmm", "I do not know", "the weather is nice", "yes no maybe", "lieber nicht abschicken"],
)
async def test_nothing_else_confirms(sqlite: Database, tmp_path: Path, line: str) -> None:
    desk = replace(cancelling(sqlite, tmp_path), acts={line: DialogueAct.YES})
    await summed_up(desk)
    await desk.say(line)
    assert desk.actions is not None
    assert desk.actions.called == []
