"""The stage of open forms: what a customer says goes to the form, unless it is something else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.answering.forms.commands import Human, SecondRequest, SideQuestion, Stop
from bot.messages import MarkUsed, Part, Pressed, Received
from bot.open_form import OpenForm
from bot.ports import Buttons, Forms
from bot.responder import Turn
from bot.stages.form_presses import FormPresses
from bot.stages.form_reading import ReadsForms
from bot.stages.form_replies import FormReplies
from bot.streams import closing


class ContinueForm:
    """Answers to an open form; passes on what is for others, with the question at its end.

    Args:
        forms: The open forms.
        reads: Reads what a message says in a form.
        replies: Answers in forms.
        presses: Does what buttons of forms mean.
        buttons: Keeps what buttons mean.
    """

    def __init__(
        self,
        forms: Forms,
        reads: ReadsForms,
        replies: FormReplies,
        presses: FormPresses,
        buttons: Buttons,
    ) -> None:
        self._forms = forms
        self._reads = reads
        self._replies = replies
        self._presses = presses
        self._buttons = buttons

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Continue the author's form, where one is open."""
        message = turn.message
        form = await self._forms.form(message.conversation, message.author.key)
        if isinstance(turn.event, Pressed):
            stream = self._pressed(turn, turn.event.button, form)
        elif form is not None and isinstance(turn.event, Received):
            stream = self._said(turn, form)
        else:
            return
        async with closing(stream) as parts:
            async for part in parts:
                yield part

    async def _said(self, turn: Turn, form: OpenForm) -> AsyncIterator[Part | Turn]:
        """Do what a message says in a form, or pass it on."""
        turn = replace(turn, language=form.language)
        ended = self._replies.ended(turn, form)
        if ended is not None:
            yield ended
            return
        command = await self._reads.command(turn, form, self._replies.event(turn))
        match command:
            case Human() if (
                proven := await self._replies.proof(turn, form, sure=True)
            ) is not None:
                stream = self._replies.reply(turn, form, proven)
            case Human():
                stream = self._replies.person(turn, form)
            case Stop(rest) if (
                rest and (taken := await self._replies.checked(turn, form)) is not None
            ):
                stream = self._replies.reply(turn, form, taken)
            case Stop():
                stream = self._replies.take(turn, form, command)
            case _ if (reply := await self._replies.proof(turn, form)) is not None:
                stream = self._replies.reply(turn, form, reply)
            case SideQuestion() | SecondRequest() if (
                taken := await self._replies.checked(turn, form)
            ) is not None:
                stream = self._replies.reply(turn, form, taken)
            case SideQuestion() | SecondRequest():
                yield await self._replies.passed_on(turn, form)
                return
            case _:
                stream = self._replies.take(turn, form, command)
        async with closing(stream) as parts:
            async for part in parts:
                yield part

    async def _pressed(
        self, turn: Turn, button: str, form: OpenForm | None
    ) -> AsyncIterator[Part | Turn]:
        """Do what a button of a form means; leave other buttons alone."""
        choice = await self._buttons.choice(button)
        if choice is None or choice.kind != "form":
            return
        pressing = await self._buttons.pressing(button, turn.message)
        turn = replace(turn, language=choice.language or turn.language)
        if pressing == "first" and form is not None and form.id == choice.question:
            ended = self._replies.ended(turn, form)
            if ended is not None:
                yield ended
                return
            yield MarkUsed()
            stream = self._presses.press(turn, form, choice.value)
        else:
            stream = self._presses.declined(turn, pressing)
        async with closing(stream) as parts:
            async for part in parts:
                yield part
