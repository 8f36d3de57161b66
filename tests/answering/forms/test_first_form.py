"""A form from the first message to the reply."""

from __future__ import annotations

from pathlib import Path

from bot.messages import DecisionKind
from bot.ports import ActionInfo, ActionResult
from bot.storage import Database
from tests.answering.forms.form_desk import FormDesk, ScriptedActions, taught

STATUS = r"""
version: 1
intents:
  - name: order_status
    title: Track my order
    examples: [where is my order, is my parcel late, track it, when does it come, any news]
    slots:
      order_number: {type: pattern, pattern: '\b\d{5}\b', ask: What is your order number?}
    action: get_order
    reply:
      - {when: {error: not_found}, text: "There is no order {order_number}."}
      - {when: {status: [late, delayed]}, text: "{order_number} is late: {eta}."}
      - text: "{order_number} comes on {eta}."
"""
INFO = {"get_order": ActionInfo("get_order", False, ("order_number",), ("status", "eta"))}
LATE = ActionResult("done", {"status": "late", "eta": "2026-12-01"})


def status_desk(database: Database, folder: Path, *results: ActionResult) -> FormDesk:
    actions = ScriptedActions(INFO, {"get_order": results or (LATE,)})
    script = {"where is my order": "order_status", "where is 48213": "order_status"}
    return FormDesk(database, taught(folder / "intents", STATUS, INFO), script, actions)


async def test_a_slot_is_asked_for_and_the_reply_has_what_the_action_provides(
    database: Database, tmp_path: Path
) -> None:
    desk = status_desk(database, tmp_path)
    asked = await desk.say("where is my order")
    assert (asked.text, asked.kind) == ("What is your order number?", DecisionKind.FORM)
    answered = await desk.say("its 48213")
    assert answered.text == "48213 is late: Dec 1, 2026."
    assert await desk.form() is None


async def test_the_first_message_fills_slots(database: Database, tmp_path: Path) -> None:
    desk = status_desk(database, tmp_path)
    assert (await desk.say("where is 48213")).text == "48213 is late: Dec 1, 2026."


async def test_an_error_has_its_own_reply(database: Database, tmp_path: Path) -> None:
    desk = status_desk(database, tmp_path, ActionResult("failed", error="not_found"))
    assert (await desk.say("where is 48213")).text == "There is no order 48213."
