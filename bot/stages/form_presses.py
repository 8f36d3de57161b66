"""Does what buttons of forms mean."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.answering.forms.machine import FormMachine
from bot.answering.forms.questions import ANSWER, CHANGE, CONFIRM, NO, PERSON, SKIP, STOP, YES
from bot.answering.forms.reply import FormReply
from bot.answering.forms.steps import FormSteps
from bot.answering.forms.turn import FormTurn
from bot.messages import Button, DecisionKind, Offer, Part, Say, Visibility
from bot.open_form import OpenForm
from bot.ports import Wording
from bot.ports.conversations import Pressing
from bot.responder import Turn
from bot.stages.form_replies import FormReplies
from bot.streams import closing


class FormPresses:
    """Does what buttons of forms mean.

    Args:
        machine: Leads forms.
        steps: Does what customers say.
        replies: Says what forms reply.
        wording: The bot's own texts.
    """

    def __init__(
        self, machine: FormMachine, steps: FormSteps, replies: FormReplies, wording: Wording
    ) -> None:
        self._machine = machine
        self._steps = steps
        self._replies = replies
        self._wording = wording

    async def press(self, turn: Turn, form: OpenForm, value: str) -> AsyncIterator[Part | Turn]:
        """Do what a button of an open form means."""
        turn = turn.because(f"pressed in the form of {form.intent}")
        if value == PERSON:
            stream = self._replies.person(turn, form)
        else:
            kept = self._replies.kept(turn, form)
            reply = await self._reply(kept, value, await self._replies.event(turn))
            stream = self._replies.reply(turn, form, reply)
        async with closing(stream) as parts:
            async for part in parts:
                yield part

    async def _reply(self, form: OpenForm, value: str, turn: FormTurn) -> FormReply:
        match value:
            case _ if value == STOP:
                return self._steps.stop(form)
            case _ if value == SKIP:
                return await self._steps.skip(form, turn)
            case _ if value == YES:
                return await self._steps.agree(form, turn)
            case _ if value == NO:
                return await self._steps.disagree(form, turn)
            case _ if value == CHANGE:
                return self._steps.change(form)
            case _ if value.startswith(CHANGE):
                return await self._steps.correct(form, value.removeprefix(CHANGE), None, turn)
            case _ if value.startswith(CONFIRM):
                digest = value.removeprefix(CONFIRM)
                return await self._steps.agree(form, turn, digest)
            case _:
                return await self._steps.chosen(form, value.removeprefix(ANSWER), turn)

    async def show(
        self, turn: Turn, form: OpenForm | None, value: str
    ) -> AsyncIterator[Part | Turn]:
        """Show in private what a form asks, where the platform has no window for it."""
        said = value.partition(":")[2] if form is None else form.said
        offered = () if form is None else form.offered
        said = said or self._wording.say("expired", turn.language)
        yield Say(said, Visibility.PRIVATE)
        if offered:
            yield Offer(tuple(Button(each, label) for each, label in offered))
        yield turn.decide(DecisionKind.FORM, "shows in private what the form asks")

    async def declined(self, turn: Turn, pressing: Pressing) -> AsyncIterator[Part | Turn]:
        """Say why a press is not answered; nothing to a second one."""
        if pressing == "again":
            yield turn.decide(DecisionKind.DECLINED, "the button was pressed before")
            return
        key = "not_yours" if pressing == "stranger" else "expired"
        yield Say(self._wording.say(key, turn.language), Visibility.PRIVATE)
        yield turn.decide(DecisionKind.DECLINED, "the button belongs to no open form of theirs")
