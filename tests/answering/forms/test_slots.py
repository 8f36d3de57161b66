"""What admins write of slots: each key does something."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.answering.forms.definitions import spec_of
from bot.answering.forms.questions import Questions
from bot.answering.replies import Replies
from bot.answering.wording import BotWording
from bot.config.schema import ResponderConfig
from bot.open_form import OpenForm
from bot.ports import ActionInfo, ActionResult
from bot.storage import Database
from bot.understanding.intents.slots import Slot
from tests.answering.forms.form_desk import ANN, HERE, NOON, FormDesk, ScriptedActions, taught

FORM = """
version: 1
intents:
  - name: swap
    title: Swap an item
    examples: [swap it, swap my item, I want to swap, please swap, swapping]
    slots:
      {slots}
    reply: "Noted: {{colour}}."
"""
INFOS = {
    "get_items": ActionInfo("get_items", False, (), ("items",)),
    "check": ActionInfo("check", False, ("value",), ("ok", "value", "shown", "reason")),
}
ITEMS = [
    {"sku": "A1", "name": "Corrie jacket", "words": ["coat"]},
    {"sku": "B2", "name": "Tarn tent"},
]


def swap_desk(
    database: Database, folder: Path, slots: str, *checks: ActionResult, items: object = ITEMS
) -> FormDesk:
    written = FORM.format(slots="\n      ".join(slots.strip().splitlines()))
    results = {"get_items": [ActionResult("done", {"items": items})], "check": checks}
    actions = ScriptedActions(INFOS, results)
    return FormDesk(database, taught(folder / "intents", written, INFOS), {"swap": "swap"}, actions)


async def test_a_slot_without_a_question_is_asked_for_by_its_title(
    sqlite: Database, tmp_path: Path
) -> None:
    desk = swap_desk(sqlite, tmp_path, "colour: {title: the colour}")
    assert (await desk.say("swap")).text == "Please tell me: the colour"


async def test_the_question_has_values_of_earlier_slots(sqlite: Database, tmp_path: Path) -> None:
    slots = "size: {ask: Which size?}\ncolour: {ask: 'Which colour in {size}?'}"
    desk = swap_desk(sqlite, tmp_path, slots)
    await desk.say("swap")
    assert (await desk.say("M")).text == "Which colour in M?"


async def test_three_tries_then_a_way_out(sqlite: Database, tmp_path: Path) -> None:
    slots = "colour: {type: choice, choices: [blue, red], ask: Which?, example: Such as blue.}"
    desk = swap_desk(sqlite, tmp_path, slots)
    first = await desk.say("swap")
    assert (first.text, list(first.buttons)) == ("Which?", ["blue", "red"])
    second = await desk.say("hm well")
    assert second.text.endswith("Which?\n\nSuch as blue.")
    third = await desk.say("xyzzy")
    assert list(third.buttons) == ["blue", "red", "Ask a person", "Stop"]
    fourth = await desk.say("xyzzy")
    assert fourth.text.startswith("I am not getting any further here.")
    assert await desk.form() is None


async def test_ways_out_stand_below_the_third_question_whatever_it_was_asked_after(
    sqlite: Database, tmp_path: Path
) -> None:
    slots = "colour: {type: choice, choices: [blue, red], ask: Which?}"
    desk = swap_desk(sqlite, tmp_path, slots)
    await desk.say("swap")
    await desk.say("why do you ask?")
    third = await desk.say("xyzzy")
    assert list(third.buttons) == ["blue", "red", "Ask a person", "Stop"]


async def test_a_choice_is_pressed_or_typed_in_its_own_words(
    sqlite: Database, tmp_path: Path
) -> None:
    slots = "colour: {type: choice, choices: {blue: [navy], red: [crimson]}}"
    desk = swap_desk(sqlite, tmp_path, slots)
    asked = await desk.say("swap")
    assert (await desk.press(asked.buttons["navy"])).text == "Noted: navy."
    await desk.say("swap")
    assert (await desk.say("crimson")).text == "Noted: crimson."


async def test_an_optional_slot_can_be_skipped(sqlite: Database, tmp_path: Path) -> None:
    slots = "colour: {type: choice, choices: [blue, red]}\nwhy: {optional: true, ask: Why?}"
    desk = swap_desk(sqlite, tmp_path, slots)
    await desk.say("swap")
    assert (await desk.say("red")).text == "Why?"
    assert (await desk.say("no idea")).text == "Noted: red."


async def test_choices_come_from_what_an_action_provides(sqlite: Database, tmp_path: Path) -> None:
    source = "{action: get_items, list: items, value: sku, label: name, synonyms: words}"
    desk = swap_desk(sqlite, tmp_path, f"colour: {{type: choice, choices_from: {source}}}")
    asked = await desk.say("swap")
    assert list(asked.buttons) == ["Corrie jacket", "Tarn tent"]
    await desk.say("the coat")
    assert desk.actions is not None
    assert desk.actions.called == ["get_items"]
    assert await desk.form() is None


async def test_without_choices_the_form_ends_with_a_word(sqlite: Database, tmp_path: Path) -> None:
    slots = "colour: {type: choice, choices_from: {action: get_items, list: items}}"
    desk = swap_desk(sqlite, tmp_path, slots, items=[])
    assert (await desk.say("swap")).text == "There is nothing to choose from here."


async def test_an_action_checks_a_value(sqlite: Database, tmp_path: Path) -> None:
    refused = ActionResult("done", {"ok": False, "reason": "We have no pink."})
    taken = ActionResult("done", {"ok": True, "value": "BL", "shown": "Blue"})
    slots = "colour: {ask: Which?, check: {action: check}}"
    desk = swap_desk(sqlite, tmp_path, slots, refused, taken)
    await desk.say("swap")
    assert (await desk.say("pink")).text.startswith("We have no pink.\n\nWhich?")
    assert (await desk.say("blue")).text == "Noted: Blue."


async def test_what_is_personal_is_not_asked_for_where_others_read(
    sqlite: Database, tmp_path: Path
) -> None:
    desk = swap_desk(sqlite, tmp_path, "colour: {personal: true}")
    refused = await desk.say("swap", public=True)
    assert refused.text == "This is personal. Please write to me in a direct message."
    assert (await desk.say("swap")).private


async def test_a_question_that_corrections_repeat_comes_with_the_ways_out(
    sqlite: Database, tmp_path: Path
) -> None:
    slots = "size: {type: choice, choices: [S, M, L]}\ncolour: {type: choice, choices: [blue, red]}"
    desk = swap_desk(sqlite, tmp_path, slots)
    await desk.say("swap")
    await desk.say("M")
    shown = [await desk.say(f"the size is {size}") for size in "LS"]
    assert [each.text.partition(".")[0] for each in shown] == [
        "Changed: size is now L",
        "Changed: size is now S",
    ]
    assert ["Stop" in each.buttons for each in shown] == [False, True]


async def test_a_refusal_has_the_admins_words(sqlite: Database, tmp_path: Path) -> None:
    refused = ActionResult("done", {"ok": False})
    slots = "colour: {ask: Which?, invalid: Not that one., check: {action: check}}"
    desk = swap_desk(sqlite, tmp_path, slots, refused)
    await desk.say("swap")
    assert (await desk.say("pink")).text.startswith("Not that one.")


@pytest.mark.parametrize(
    ("written", "attribute", "value"),
    [
        ({"type": "pattern", "pattern": "[0-9]+"}, "pattern", "[0-9]+"),
        ({"type": "number", "min": "1"}, "min", 1.0),
        ({"type": "number", "max": "9"}, "max", 9.0),
        ({"type": "date", "past": "false"}, "past", False),
        ({"type": "date", "future": "false"}, "future", False),
        ({"type": "text", "longest": "30"}, "longest", 30),
        ({"type": "amount", "currency": "EUR"}, "currency", "EUR"),
        ({"type": "choice", "choices": ["a"], "many": "true"}, "many", True),
        ({"type": "number", "counts": {"en": ["guests"]}}, "counts", ("guests",)),
        ({"type": "time", "hours": "11:00-22:59"}, "hours", ("11:00", "22:59")),
        ({"type": "date", "end": "to"}, "end", "to"),
        ({"type": "name", "part": "first"}, "part", "first"),
        ({"type": "phone", "region": "CH"}, "region", "CH"),
        ({"type": "duration", "max": 30}, "max", 30),
    ],
)
def test_what_is_written_reaches_the_extractor(
    written: dict[str, object], attribute: str, value: object
) -> None:
    spec = spec_of("slot", Slot.model_validate(written), ["en"])
    assert (spec.type, getattr(spec, attribute)) == (written["type"], value)


@pytest.mark.parametrize("hours", ["22:00-11:00", "11-22", "11:00-25:00"])
def test_hours_are_two_times_in_order(hours: str) -> None:
    with pytest.raises(ValidationError, match="hours"):
        Slot.model_validate({"type": "time", "hours": hours})


async def test_a_correction_clears_what_depends_on_it_and_says_so(
    sqlite: Database, tmp_path: Path
) -> None:
    slots = (
        "size: {type: choice, choices: [M, L]}\n"
        "cut: {type: choice, choices: [slim, wide], after: [size]}\n"
        "colour: {type: choice, choices: [blue, red], ask: Which?}"
    )
    desk = swap_desk(sqlite, tmp_path, slots)
    for line in ("swap", "M", "slim"):
        await desk.say(line)
    corrected = await desk.say("the size is L")
    assert corrected.text == (
        "Changed: size is now L.\n\nSo I have to ask again: cut.\n\nPlease tell me: cut"
    )
    form = await desk.form()
    assert form is not None
    assert (list(form.slots), form.value("size")) == (["size"], "L")


def test_why_a_slot_is_asked_for_is_said_in_the_admins_words(tmp_path: Path) -> None:
    slots = "colour: {why: To find one.}\nsize: {}"
    intents = taught(tmp_path / "intents", FORM.format(slots="\n      ".join(slots.splitlines())))
    wording = BotWording(ResponderConfig(), "en")
    questions = Questions(Replies(intents, language_default="en", values={}), wording)
    form = OpenForm("1", HERE, ANN, "swap", "", "en", NOON)
    entry = intents.by_name["swap"].entry
    assert questions.why("colour", entry.slots["colour"], form) == "To find one."
    assert "Swap an item" in questions.why("size", entry.slots["size"], form)


async def test_a_day_and_a_time_may_be_said_in_two_answers(
    sqlite: Database, tmp_path: Path
) -> None:
    slots = "visit: {type: datetime, ask: When?}\ncolour: {ask: 'Which colour on {visit}?'}"
    desk = swap_desk(sqlite, tmp_path, slots)
    await desk.say("swap")
    await desk.say("on 4 December")
    assert "December 4, 2026" in (await desk.say("at 15:30")).text
    form = await desk.form()
    assert form is not None
    assert form.value("visit") == "2026-12-04T15:30"
