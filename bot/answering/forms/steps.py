"""What each command does to an open form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.answering.forms.commands import (
    Answer,
    Command,
    Correct,
    No,
    Repeat,
    Skip,
    Stop,
    Why,
    Yes,
)
from bot.answering.forms.extraction import SlotReading
from bot.answering.forms.machine import FormMachine
from bot.answering.forms.questions import TRIES, Questions
from bot.answering.forms.reply import FormReply
from bot.answering.forms.running import RunsActions
from bot.answering.forms.shown import plain
from bot.answering.forms.transitions import (
    corrected,
    filled,
    needs_ways_out,
    next_slot,
    skipped,
    unasked,
)
from bot.answering.forms.turn import FormTurn
from bot.open_form import PROVING, OpenForm, SlotValue


class FormSteps:
    """Does what customers say in forms.

    Args:
        machine: Leads forms.
        questions: Words what is said.
        actions: Runs actions.
    """

    def __init__(self, machine: FormMachine, questions: Questions, actions: RunsActions) -> None:
        self._machine = machine
        self._questions = questions
        self._actions = actions

    async def take(self, form: OpenForm, command: Command, turn: FormTurn) -> FormReply:
        """Do what a command says; those that concern no form are taken for free text."""
        match command:
            case Stop():
                return self.stop(form)
            case Correct(slot, value):
                return await self.correct(form, slot, value, turn)
            case Why():
                return self._why(form)
            case Repeat():
                return self._again(form)
            case Skip():
                return await self.skip(form, turn)
            case Yes():
                return await self.agree(form, turn)
            case No():
                return await self.disagree(form, turn)
            case Answer(reading):
                return await self.answer(form, reading, turn)
            case _:
                return await self._unread(form, turn)

    async def prove(self, form: OpenForm, turn: FormTurn) -> FormReply | None:
        """Read an answer to the question for a proof, and go on once it is there.

        None: the message is no answer to it.
        """
        reply = await self._actions.prove(form, turn)
        if reply is None or reply.form is None or reply.form.step == "proof":
            return reply
        return (await self._after_proof(form, turn)).after(*reply.said)

    async def _after_proof(self, form: OpenForm, turn: FormTurn) -> FormReply:
        """Go on from where a proof was found missing."""
        held, name = form.proposed, next_slot(form, self._machine.entry(form).slots)
        if held is not None and name:  # was checked when the proof was found missing
            return await self._machine.fill(unasked(form), name, held, turn)
        return await self._machine.go_on(unasked(form), turn)

    async def checked(self, form: OpenForm, turn: FormTurn) -> FormReply | None:
        """Take a text for the asked slot if its check does, though it may be something else.

        None: there is no check, or it refuses the text.
        """
        slot = self._machine.entry(form).slots.get(form.asked) if form.step == "slots" else None
        if slot is None or slot.check is None or slot.type not in ("text", "address"):
            return None
        reading = self._machine.read(form, form.asked, turn.message.text, turn)
        if reading.value is None:
            return None
        value = SlotValue(reading.value, reading.shown)
        found = await self._actions.check(form, form.asked, slot.check.action, value, turn)
        if found.value is None:
            return found.reply
        return await self._machine.go_on(filled(form, form.asked, found.value), turn)

    def question(self, form: OpenForm) -> str:
        """Return the open question in one line, for the end of another answer."""
        entry = self._machine.entry(form)
        if form.step == "slots" and form.asked in entry.slots:
            return self._questions.again(form.asked, entry.slots[form.asked], form)
        return self._questions.again_about(form)

    async def chosen(self, form: OpenForm, value: str, turn: FormTurn) -> FormReply:
        """Fill the asked slot with the value of a button."""
        slot = self._machine.entry(form).slots.get(form.asked)
        if slot is None:
            return await self._unread(form, turn)
        choices = self._machine.choices(form, slot)
        if value in choices:
            held: Any = [value] if slot.many else value
            return await self._machine.fill(
                form, form.asked, SlotValue(held, choices[value][0]), turn
            )
        return await self.answer(form, self._machine.read(form, form.asked, value, turn), turn)

    def stop(self, form: OpenForm) -> FormReply:
        """End the form."""
        said = self._questions.say("form_stopped", form, title=self._questions.title(form))
        return FormReply(None, "the customer stopped the form", (said,), ending="stopped")

    async def answer(self, form: OpenForm, reading: SlotReading, turn: FormTurn) -> FormReply:
        """Fill the asked slot; say why a value is refused; ask which of several is meant."""
        name = form.asked
        slot = self._machine.entry(form).slots[name]
        if reading.candidates:
            reply = await self._machine.ask(form, name, turn)
            if reply.form is None:
                return reply
            return self._machine.which(reply, reading.candidates, form)
        if reading.value is None:
            why = self._questions.refusal(slot, form, reading.refused)
            return (await self._machine.ask(form, name, turn)).after(why)
        value = SlotValue(reading.value, reading.shown)
        return await self._machine.fill(form, name, value, turn)

    async def correct(
        self, form: OpenForm, name: str, value: SlotValue | None, turn: FormTurn
    ) -> FormReply:
        """Change a filled slot, and clear those that depend on it."""
        slots = self._machine.entry(form).slots
        checks = value is not None and slots[name].check is not None
        form, cleared = corrected(form, name, None if checks else value, slots)
        if value is None:
            return await self._machine.ask(form, name, turn)
        if checks:
            return await self._machine.fill(form, name, value, turn)
        named = self._questions.name(name, slots[name], form)
        shown = plain(value.shown)
        said = [self._questions.say("form_corrected", form, slot=named, value=shown)]
        if cleared:
            names = ", ".join(self._questions.name(each, slots[each], form) for each in cleared)
            said.append(self._questions.say("form_cleared", form, slots=names))
        return (await self._machine.go_on(form, turn)).after(*said)

    async def skip(self, form: OpenForm, turn: FormTurn) -> FormReply:
        """Leave out a slot that is optional; say that another one is needed."""
        name = form.asked
        slot = self._machine.entry(form).slots.get(name) if form.step == "slots" else None
        if slot is not None and slot.optional:
            return await self._machine.go_on(skipped(form, name), turn)
        said = self._questions.say("form_needed", form)
        return await self._with_ways_out(form, turn, said)

    async def agree(self, form: OpenForm, turn: FormTurn, digest: str = "") -> FormReply:
        """Take a value that was proposed, a code that was offered, or the confirmation of a write.

        Args:
            form: As it is open.
            turn: The event.
            digest: Hash of the values that a button confirms; empty: those that were summed up
                last.
        """
        if form.step == "confirm":
            if digest and digest != form.asked:
                return await self._machine.go_on(unasked(form), turn)
            form = replace(unasked(form), confirmed=form.asked)
            return await self._machine.go_on(form, turn)
        if form.step == "offer":
            return await self._after_proof(form, turn)
        if form.proposed is not None:
            return await self._machine.fill(form, form.asked, form.proposed, turn)
        return await self._unread(form, turn)

    async def disagree(self, form: OpenForm, turn: FormTurn) -> FormReply:
        """Ask for another value than was proposed; ask what is to be changed; send no code."""
        if form.step == "confirm":
            return self.change(form)
        if form.step == "offer":
            return self.stop(form)
        return await self._machine.ask(form, form.asked, turn)

    def change(self, form: OpenForm) -> FormReply:
        """Ask what is to be changed; a yes to that confirms nothing, it is summed up again."""
        entry, form = self._machine.entry(form), replace(form, asked="")
        said = self._questions.say("form_change_which", form)
        buttons = (
            *self._questions.changes(entry, form),
            *self._questions.ways_out(None, form),
        )
        return FormReply(form, "asks what is to be changed", (said,), buttons)

    def _why(self, form: OpenForm) -> FormReply:
        """Say why a slot is asked for, and repeat the question."""
        slot = self._machine.entry(form).slots.get(form.asked)
        if form.step != "slots" or slot is None:
            return self._same(form)
        said = self._questions.why(form.asked, slot, form)
        return self._machine.again(form, form.asked, hint=False).after(said)

    def _again(self, form: OpenForm) -> FormReply:
        """Repeat the question, with an example."""
        if form.step != "slots":
            return self._same(form)
        return self._machine.again(form, form.asked, hint=True)

    async def _unread(self, form: OpenForm, turn: FormTurn) -> FormReply:
        """Ask again."""
        if form.step != "slots":
            return self._same(form)
        reply = await self._machine.ask(form, form.asked, turn)
        if reply.form is None or reply.form.tries != 2:
            return reply
        return reply.after(self._questions.say("form_not_read", form))

    def _same(self, form: OpenForm) -> FormReply:
        """Repeat the summary of a write, or that a proof is still needed."""
        if form.step in PROVING:
            buttons = self._questions.ways_out(None, form)
            if form.step == "offer":
                buttons = (*self._questions.yes_no(form), *buttons)
            said = self._questions.again_about(form)
            return FormReply(form, "waits for a proof of identity", (said,), buttons)
        return self._actions.confirm_again(form, self._machine.entry(form))

    async def _with_ways_out(self, form: OpenForm, turn: FormTurn, said: str) -> FormReply:
        """Say something before the question is repeated with the ways out of it."""
        if form.step != "slots":
            return self._same(form).after(said)
        reply = await self._machine.ask(form, form.asked, turn)
        if reply.form is None or needs_ways_out(reply.form, TRIES):
            return reply.after(said)
        slot = self._machine.entry(form).slots.get(form.asked)
        return replace(
            reply.after(said), buttons=(*reply.buttons, *self._questions.ways_out(slot, form))
        )
