"""Lets a form that is personal go on in private, when it was begun where others read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace

from bot.answering.forms.machine import FormMachine
from bot.answering.forms.questions import Questions
from bot.answering.forms.reply import FormReply, Moved
from bot.answering.forms.turn import FormTurn
from bot.messages import (
    Button,
    Choice,
    DecisionKind,
    Offer,
    Part,
    Say,
    SayElsewhere,
    Visibility,
)
from bot.open_form import FormChange, OpenForm
from bot.ports import Buttons, ContinuesInPrivate, Forms
from bot.responder import Turn

BUTTON = "form_button_private"
"""Text of the button that opens a window."""


class MovesForms:
    """Opens forms in private, and says so where they were asked for.

    What is said in private goes through the outbox, in the transaction that stores the form: a
    process that is killed loses neither. A platform that does not take it lets the customer go on
    in a window.

    Args:
        private: Finds where; None: customers are asked for a direct message.
        machine: Leads forms.
        questions: Words what is said.
        forms: The open forms.
        buttons: Keeps what buttons mean.
    """

    def __init__(
        self,
        private: ContinuesInPrivate | None,
        machine: FormMachine,
        questions: Questions,
        forms: Forms,
        buttons: Buttons,
    ) -> None:
        self._private = private
        self._machine = machine
        self._questions = questions
        self._forms = forms
        self._buttons = buttons

    async def begin(
        self,
        form: OpenForm,
        text: str,
        event: FormTurn,
        queued: Callable[[OpenForm], FormReply],
        *,
        closes: bool,
    ) -> FormReply:
        """Begin a form in private; after the one that its author has open there.

        Args:
            form: Just opened, not stored.
            text: What its first message says.
            event: That message.
            queued: Lets it come after an open form.
            closes: The event closes another form, in the place that others read.
        """
        if self._private is None:
            return self._declined(form)
        move = await self._private.move(form, event.message)
        there = await self._forms.form(move.form.conversation, move.form.author)
        if there is not None and closes:
            return self._declined(form)
        if there is not None and self._is_open(there, event):
            reply = queued(there)
        else:
            there_now = replace(event, message=move.message, moved=True)
            reply = await self._machine.begin(move.form, text, there_now)
        moved = Moved(move.form, reply, move.direct, there)
        return FormReply(reply.form, f"goes on in private: {reply.reason}", moved=moved)

    async def say(
        self, turn: Turn, change: FormChange, reply: FormReply, moved: Moved
    ) -> AsyncIterator[Part | Turn]:
        """Say in private what a form says, and here that it does; the decision follows.

        Args:
            turn: As decided so far.
            change: Of the form that is open here, before the reply.
            reply: What is said here.
            moved: What is said in private.
        """
        said, form = moved.reply, moved.reply.form or moved.form
        offered = await self._offer(turn, said.buttons)
        shown = "" if said.form is not None else said.markdown
        opens = self._questions.in_private(form, BUTTON, shown)
        (button,) = await self._offer(turn, opens, first=len(offered))
        after = FormChange(change.before or moved.before, said.asked(offered))
        turn = replace(turn, form=None if after.before == after.after else after)
        yield turn.action_failed(said.failed) if said.failed else turn
        pointer = self._questions.say(
            "form_moved" if moved.direct else "form_moved_window", form, button=button.label
        )
        yield Say("\n\n".join(filter(None, (reply.markdown, pointer))))
        yield Offer((button,))
        if moved.direct:
            closed = self._questions.say("form_direct_closed", form, button=button.label)
            author, here = turn.message.author.key, turn.message.conversation
            instead = SayElsewhere(here, closed, author, (button,), Visibility.PUBLIC)
            there = moved.form.conversation
            asked, under = said.markdown, offered
            if not asked:  # it is open there already: the question once more
                asked = form.said
                under = tuple(Button(each, label) for each, label in form.offered)
            yield SayElsewhere(there, asked, author, under, instead=instead)

    async def point_there(self, turn: Turn, form: OpenForm) -> AsyncIterator[Part | Turn]:
        """Ask who answers where others read to answer in private."""
        buttons = await self._offer(turn, self._questions.in_private(form, BUTTON))
        said = self._questions.say("form_answer_in_private", form, button=buttons[0].label)
        yield Say(said)
        yield Offer(buttons)
        yield turn.decide(DecisionKind.FORM, "answers in public a form that goes on in private")

    def _declined(self, form: OpenForm) -> FormReply:
        said = self._questions.say("form_in_private", form)
        return FormReply(None, "personal, in a place where others read", (said,))

    def _is_open(self, form: OpenForm, event: FormTurn) -> bool:
        return event.message.sent_at < form.expires_at and self._machine.is_current(form)

    async def _offer(
        self, turn: Turn, buttons: Sequence[tuple[str, Choice]], first: int = 0
    ) -> tuple[Button, ...]:
        message = turn.message
        return await self._buttons.offer(
            message.id, buttons, first=first, revision=message.revision
        )
