"""A proof of identity in the middle of a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.messages import Message
from bot.ports import ActionInfo, ActionRequest, ActionResult, DialogueAct, ProofStep
from bot.ports.actions import ProofWay
from bot.storage import Database
from tests.answering.forms.form_desk import FormDesk, ScriptedActions, taught

FORM = """
version: 1
intents:
  - name: swap
    title: Swap an item
    visibility: private
    examples: [swap it, swap my item, I want to swap, please swap, swapping]
    slots:
      item: {ask: Which item?, check: {action: find_item}}
    reply: "Noted: {item}."
  - name: hours
    examples: [opening hours, when do you open, are you open, your hours, hours please]
    reply: From nine to five.
"""
FOUND = ActionResult("done", {"ok": True, "value": "B2", "shown": "the tent"})


class Asks:
    """Takes one word for a proof."""

    def __init__(self) -> None:
        self.proven = False
        self.sent = 0

    async def begin(
        self, request: ActionRequest, ways: Sequence[ProofWay], *, sends: bool = True
    ) -> ProofStep:
        if self.proven:
            return ProofStep("proven")
        self.sent += sends
        return ProofStep("asked", "Your password?") if sends else ProofStep("offered", "Shall I?")

    async def receive(self, message: Message, request: ActionRequest) -> ProofStep:
        if message.text == "sesame":
            self.proven = True
            return ProofStep("proven", "Thank you.")
        if message.text.startswith("my word"):
            return ProofStep("asked", "That is not it.")
        return ProofStep("no_answer")

    async def void_public_code(self, message: Message, *, asked: bool = False) -> str:
        return ""


def desk(database: Database, folder: Path, way: ProofWay, *results: ActionResult) -> FormDesk:
    provides = ("ok", "value", "shown", "reason")
    infos = {"find_item": ActionInfo("find_item", False, ("value",), provides, proof=(way,))}
    actions = ScriptedActions(infos, {"find_item": results})
    intents = taught(folder / "intents", FORM, infos)
    script = {"swap": "swap", "opening hours?": "hours"}
    return FormDesk(database, intents, script, actions, proof=Asks())


async def test_what_was_answered_before_the_proof_is_not_asked_again(
    database: Database, tmp_path: Path
) -> None:
    shop = desk(database, tmp_path, "code", ActionResult("unproven"), FOUND)
    await shop.say("swap")
    assert (await shop.say("my tent")).text == "Your password?"
    assert (await shop.say("my word is moon")).text == "That is not it."
    assert (await shop.say("sesame")).text == "Thank you.\n\nNoted: the tent."
    assert await shop.form() is None


async def test_a_side_question_and_a_stop_are_heard_while_a_proof_is_asked_for(
    database: Database, tmp_path: Path
) -> None:
    shop = desk(database, tmp_path, "linked", FOUND)
    assert (await shop.say("swap")).text == "Your password?"
    assert (await shop.say("opening hours?")).text.startswith("From nine to five.")
    unclear = await shop.say("well")
    assert "Swap an item" in unclear.text
    assert (await shop.form()) is not None
    await shop.say("never mind")
    assert await shop.form() is None


async def test_what_the_check_takes_is_an_answer_whatever_else_it_may_be(
    database: Database, tmp_path: Path
) -> None:
    shop = desk(database, tmp_path, "linked", FOUND)
    await shop.say("swap")
    await shop.say("sesame")
    assert (await shop.say("opening hours?")).text == "Noted: the tent."


@pytest.mark.parametrize("act", [DialogueAct.REPEAT, DialogueAct.SKIP, DialogueAct.WHY])
async def test_what_the_check_takes_is_an_answer_whatever_the_model_reads(
    database: Database, tmp_path: Path, act: DialogueAct
) -> None:
    text = "the one with the tent, no number"
    shop = replace(desk(database, tmp_path, "linked", FOUND), acts={text: act})
    await shop.say("swap")
    await shop.say("sesame")
    assert (await shop.say(text)).text == "Noted: the tent."


async def test_a_yes_or_no_where_a_proof_is_asked_for_is_no_answer_to_an_earlier_question(
    database: Database, tmp_path: Path
) -> None:
    shop = desk(database, tmp_path, "code", ActionResult("unproven"), FOUND)
    await shop.say("swap")
    await shop.say("my tent")
    for word in ("yes", "no"):
        assert "Swap an item" in (await shop.say(word)).text
    form = await shop.form()
    assert form is not None
    assert form.step == "proof"
