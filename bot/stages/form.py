"""The stage of open forms: what a customer says goes to the form, unless it is something else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.answering.forms.commands import (
    Command,
    FreeText,
    Human,
    Repeat,
    SecondRequest,
    SideQuestion,
    Skip,
    Stop,
    Why,
)
from bot.answering.forms.questions import PRIVATE
from bot.messages import Choice, MarkUsed, Part, Pressed, Readers, Received
from bot.open_form import PROVING, OpenForm
from bot.ports import Buttons, Forms
from bot.responder import Turn
from bot.stages.form_moves import MovesForms
from bot.stages.form_presses import FormPresses
from bot.stages.form_proposals import ProposesCommands
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
        moves: Lets forms go on in private.
        proposes: Proposes what a message means that nothing else could read; None: nothing does.
    """

    def __init__(
        self,
        forms: Forms,
        reads: ReadsForms,
        replies: FormReplies,
        presses: FormPresses,
        buttons: Buttons,
        moves: MovesForms,
        proposes: ProposesCommands | None = None,
    ) -> None:
        self._forms = forms
        self._reads = reads
        self._replies = replies
        self._presses = presses
        self._buttons = buttons
        self._moves = moves
        self._proposes = proposes

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Continue the author's form, where one is open."""
        message = turn.message
        form = await self._forms.form(message.conversation, message.author.key)
        if isinstance(turn.event, Pressed):
            stream = self._pressed(turn, turn.event.button, form)
        elif not isinstance(turn.event, Received):
            return
        elif form is not None:
            stream = self._said(turn, form)
        else:
            stream = self._said_outside(turn)
        async with closing(stream) as parts:
            async for part in parts:
                yield part

    async def _said_outside(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Take an answer to a form that has left this place; ask for it there if others read it."""
        message = turn.message
        if message.readers is Readers.AUTHOR:
            return
        form = await self._forms.moved(message.conversation, message.author.key)
        if form is None:
            return
        if message.apart:
            stream = self._said(turn, form)
        elif self._replies.ended(turn, form) is None and self._reads.answers(
            form, turn.text, await self._replies.event(turn)
        ):
            turn = replace(turn, language=form.language)
            stream = self._moves.point_there(turn, form)
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
        proof = await self._replies.proof(turn, form) if form.step in PROVING else None
        if proof is not None:
            async with closing(self._replies.reply(turn, form, proof)) as parts:
                async for part in parts:
                    yield part
            return
        turn, command = await self._read(turn, form)
        match command:
            case Human():
                stream = self._replies.person(turn, form)
            case Stop(rest) if rest and await self._reads.is_sure(rest, form):
                yield replace(self._replies.stopped(turn, form), text=rest)
                return
            case SideQuestion() | SecondRequest() | Skip() | Why() | Repeat() if (
                not self._reads.is_phrase(turn.text)
                and (taken := await self._replies.checked(turn, form)) is not None
            ):
                stream = self._replies.reply(turn, form, taken)
            case SideQuestion() | SecondRequest():
                yield await self._replies.passed_on(turn, form)
                return
            case _:
                stream = self._replies.take(turn, form, command)
        async with closing(stream) as parts:
            async for part in parts:
                yield part

    async def _read(self, turn: Turn, form: OpenForm) -> tuple[Turn, Command]:
        """Return what a message does in a form, and the turn with what it cost to know that."""
        event = await self._replies.event(turn)
        command = await self._reads.command(turn, form, event)
        if isinstance(command, FreeText) and self._proposes is not None:
            turn, proposed = await self._proposes.propose(turn, form, event)
            return turn, proposed or command
        return turn, command

    async def _pressed(
        self, turn: Turn, button: str, form: OpenForm | None
    ) -> AsyncIterator[Part | Turn]:
        """Do what a button of a form means; leave other buttons alone."""
        choice = await self._buttons.choice(button)
        if choice is None or choice.kind not in ("form", "intent"):
            return
        pressing = await self._buttons.pressing(button, turn.message)
        if choice.kind == "intent":  # as a side question that is typed
            if pressing == "first" and form is not None:
                ended = self._replies.ended(turn, form)
                yield ended or await self._replies.passed_on(turn, form)
            return
        turn = replace(turn, language=choice.language or turn.language)
        if form is None or form.id != choice.question:
            form = await self._elsewhere(turn, choice)
        if choice.value.startswith(PRIVATE) and pressing in ("first", "again"):
            stream = self._presses.show(turn, form, choice.value)
        elif pressing == "first" and form is not None and form.id == choice.question:
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

    async def _elsewhere(self, turn: Turn, choice: Choice) -> OpenForm | None:
        """Return the form of a button that its author alone sees, wherever the form is answered."""
        if not turn.message.answered_alone:
            return None
        form = await self._forms.by_id(choice.question)
        return form if form is not None and form.author == turn.message.author.key else None
