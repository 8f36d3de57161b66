"""Values that are checked: of the first message, of corrections; words that fit two choices."""

from __future__ import annotations

from pathlib import Path

from bot.ports import ActionInfo, ActionResult
from bot.storage import Database
from tests.answering.forms.form_desk import FormDesk, ScriptedActions, taught

STOCK = r"""
version: 1
intents:
  - name: stock
    title: Stock
    examples: [is it in stock, any left, do you have it, have you got it, in stock]
    slots:
      product:
        type: choice
        ask: Which product?
        choices_from: {action: products, list: found, synonyms: words}
      code:
        type: pattern
        pattern: '\b[A-Z]{2}\d{3}\b'
        ask: Which code?
        check: {action: check_code}
    reply: "{product} with {code}."
"""
INFOS = {
    "products": ActionInfo("products", False, (), ("found",)),
    "check_code": ActionInfo("check_code", False, ("value",), ("ok", "reason", "shown")),
}
NAMES = [
    {"value": "men", "label": "Ridge boots men", "words": ["ridge boots"]},
    {"value": "women", "label": "Ridge boots women", "words": ["ridge boots"]},
    *({"value": f"p{number}", "label": f"Tent number {number}"} for number in range(30)),
]


def desk(database: Database, folder: Path, *checked: ActionResult, text: str = STOCK) -> FormDesk:
    listed = ActionResult("done", {"found": NAMES})
    actions = ScriptedActions(INFOS, {"products": [listed], "check_code": checked})
    script = dict.fromkeys((RIDGE, CODE, BOTH), "stock")
    return FormDesk(database, taught(folder / "intents", text, INFOS), script, actions)


RIDGE = "any Ridge boots left"
CODE = "is AB123 in stock"
BOTH = "have you got tent number 7 with AB123"
GOOD = ActionResult("done", {"ok": True})
BAD = ActionResult("done", {"ok": False, "reason": "That code has expired."})


async def test_words_that_fit_two_choices_offer_those(sqlite: Database, tmp_path: Path) -> None:
    shop = desk(sqlite, tmp_path, GOOD)
    which = await shop.say(RIDGE)
    assert which.text == "Which one do you mean?"
    assert list(which.buttons) == ["Ridge boots men", "Ridge boots women"]
    assert (await shop.press(which.buttons["Ridge boots women"])).text == "Which code?"


async def test_a_value_of_the_first_message_is_checked_when_it_is_its_turn(
    database: Database, tmp_path: Path
) -> None:
    shop = desk(database, tmp_path, GOOD)
    assert (await shop.say(CODE)).text == "Which product?"
    assert shop.actions is not None
    assert "check_code" not in shop.actions.called
    assert (await shop.say("tent number 7")).text == "Tent number 7 with AB123."
    assert shop.actions.called.count("check_code") == 1


async def test_a_value_of_the_first_message_that_is_refused_is_asked_for(
    sqlite: Database, tmp_path: Path
) -> None:
    shop = desk(sqlite, tmp_path, BAD, GOOD)
    assert (await shop.say(BOTH)).text == "That code has expired.\n\nWhich code?"
    assert (await shop.say("CD456")).text == "Tent number 7 with CD456."


async def test_a_correction_is_checked_as_well(sqlite: Database, tmp_path: Path) -> None:
    more = STOCK.replace("    reply:", "      count: {type: number, ask: How many?}\n    reply:")
    shop = desk(sqlite, tmp_path, GOOD, BAD, GOOD, text=more)
    assert (await shop.say(BOTH)).text == "How many?"
    corrected = await shop.say("no I meant code CD456")
    assert corrected.text.startswith("That code has expired.")
    assert (await shop.say("EF789")).text == "How many?"
