"""Says what a form replies, and begins forms where an intent has one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import tzinfo

from bot.answering.forms.commands import Command
from bot.answering.forms.machine import FormMachine
from bot.answering.forms.questions import TRIES, Questions
from bot.answering.forms.reply import FormReply
from bot.answering.forms.steps import FormSteps
from bot.answering.forms.turn import FormTurn
from bot.messages import Button, Choice, DecisionKind, Offer, Part, Say, Visibility
from bot.open_form import FormChange, OpenForm
from bot.ports import Answer, Answers, Buttons, Forms
from bot.responder import Turn
from bot.stages.intent_reply import IntentReply
from bot.streams import closing

EARLIER = 6
"""Lines of the customer in which values are looked for."""


class FormReplies:
    """Says what forms reply; the `BeginsForms` of intents.

    Args:
        machine: Leads forms.
        steps: Does what customers say.
        questions: Words what is said.
        forms: The open forms.
        buttons: Keeps what buttons mean.
        answers: Titles of intents that are offered as next steps.
        persons: Calls a person.
        zone: The team's time zone.
    """

    def __init__(
        self,
        machine: FormMachine,
        steps: FormSteps,
        questions: Questions,
        forms: Forms,
        buttons: Buttons,
        answers: Answers,
        persons: IntentReply,
        zone: tzinfo,
    ) -> None:
        self._machine = machine
        self._steps = steps
        self._questions = questions
        self._forms = forms
        self._buttons = buttons
        self._answers = answers
        self._persons = persons
        self._zone = zone

    def event(self, turn: Turn) -> FormTurn:
        """Return the event as forms see it."""
        lines = [each.text for each in turn.conversation.turns if each.role == "customer"]
        return FormTurn(
            turn.message,
            turn.message.sent_at.astimezone(self._zone),
            tuple(reversed(lines[-EARLIER:])),
        )

    async def begin(self, turn: Turn, intent: str, reason: str) -> AsyncIterator[Part | Turn]:
        """Begin an intent's form; where one is open, it comes after that."""
        message = turn.message
        stored = await self._forms.form(message.conversation, message.author.key)
        change = turn.form or FormChange(stored, stored)
        if change.after is not None:
            reply = self._queued(change.after, intent, reason)
        else:
            form = self._machine.open(intent, self.event(turn), language=turn.language)
            reply = await self._begun(turn, form, turn.text)
            turn = turn.because(reason)
        async with closing(self._say(turn, change, reply)) as parts:
            async for part in parts:
                yield part

    async def take(
        self, turn: Turn, form: OpenForm, command: Command
    ) -> AsyncIterator[Part | Turn]:
        """Do what a customer says in their form."""
        named = type(command).__name__
        kept = self.kept(turn, form)
        reply = await self._steps.take(kept, command, self.event(turn))
        turn = turn.because(f"in the form of {form.intent}: {named}")
        async with closing(self.reply(turn, form, reply)) as parts:
            async for part in parts:
                yield part

    async def reply(
        self, turn: Turn, form: OpenForm, reply: FormReply
    ) -> AsyncIterator[Part | Turn]:
        """Say what is replied in an open form; begin what comes after it."""
        if reply.form is None and not reply.person and form.queued:
            reply = await self._next(turn, form, reply)
        async with closing(self._say(turn, FormChange(form, form), reply)) as parts:
            async for part in parts:
                yield part

    async def proof(self, turn: Turn, form: OpenForm, *, sure: bool = False) -> FormReply | None:
        """Return the reply to an answer to the question for a proof; None: it is no such answer.

        Args:
            turn: Its message.
            form: The open form.
            sure: Only one that ends the question counts.
        """
        if form.step != "proof":
            return None
        reply = await self._steps.prove(self.kept(turn, form), self.event(turn))
        waits = reply is not None and reply.form is not None and reply.form.step == "proof"
        return None if sure and waits else reply

    async def checked(self, turn: Turn, form: OpenForm) -> FormReply | None:
        """Return the reply to a text that the check of the asked slot takes; None: it does not."""
        return await self._steps.checked(self.kept(turn, form), self.event(turn))

    async def person(self, turn: Turn, form: OpenForm) -> AsyncIterator[Part | Turn]:
        """Hand over to the person that the customer wishes for; the form ends with it."""
        reply = FormReply(None, "the customer asked for a person in a form", person=True)
        async with closing(self._say(turn, FormChange(form, form), reply)) as parts:
            async for part in parts:
                yield part

    def kept(self, turn: Turn, form: OpenForm) -> OpenForm:
        """Return the form, which stays open from now on for as long as a new one."""
        return replace(form, expires_at=self._machine.expires(turn.message.sent_at))

    def ended(self, turn: Turn, form: OpenForm) -> Turn | None:
        """Return the turn with the end of a form that is no longer answered; None: it is."""
        if turn.message.sent_at >= form.expires_at:
            key, reason = "form_expired", "the form had expired"
        elif not self._machine.is_current(form):
            key, reason = "form_outdated", "what the form asks for was changed meanwhile"
        else:
            return None
        said = self._questions.say(key, form, title=self._questions.title(form))
        notice = "\n\n".join(filter(None, (turn.notice, said)))
        return replace(turn.because(reason), notice=notice, form=FormChange(form, None))

    async def passed_on(self, turn: Turn, form: OpenForm) -> Turn:
        """Return the turn of a side question: the open question stands at the end of its answer."""
        entry = self._machine.entry(form)
        kept = replace(self.kept(turn, form), asides=form.asides + 1)
        slot = entry.slots.get(form.asked)
        question = self._steps.question(kept)
        offers = turn.offers
        if kept.tries + kept.asides >= TRIES:
            offers = (*offers, *await self._offer(turn, self._questions.ways_out(slot, form)))
        return replace(
            turn.because(f"asks something else than the form of {form.intent}"),
            closing=question,
            form=FormChange(form, kept),
            offers=offers,
        )

    def _queued(self, form: OpenForm, intent: str, reason: str) -> FormReply:
        """Return the reply to who wants something done while a form is open."""
        if intent == form.intent or intent in form.queued:
            return FormReply(form, reason)
        later = replace(form, queued=(*form.queued, intent))
        title = self._answers.title(intent, language=form.language)
        said = self._questions.say("form_queued", form, title=title)
        return FormReply(later, f"{reason}: it comes after the form of {form.intent}", (said,))

    async def _next(self, turn: Turn, form: OpenForm, reply: FormReply) -> FormReply:
        """Return a reply with the beginning of what the customer wanted as well."""
        intent, *rest = form.queued
        event = self.event(turn)
        opened = self._machine.open(intent, event, language=form.language)
        if not opened.intents_hash:  # no longer taught
            return reply
        opened = replace(opened, queued=tuple(rest))
        begun = await self._begun(turn, opened, "")
        title = self._answers.title(intent, language=form.language)
        said = self._questions.say("form_next", form, title=title)
        return begun.after(*reply.said, said)

    async def _begun(self, turn: Turn, form: OpenForm, text: str) -> FormReply:
        if self._machine.is_personal(form) and not turn.message.answered_alone:
            said = self._questions.say("form_in_private", form)
            return FormReply(None, "personal, in a place where others read", (said,))
        return await self._machine.begin(form, text, self.event(turn))

    async def _say(
        self, turn: Turn, change: FormChange, reply: FormReply
    ) -> AsyncIterator[Part | Turn]:
        """Say a reply, and decide what becomes of the form."""
        after = FormChange(change.before, reply.form)
        turn = replace(turn, form=None if after.before == after.after else after)
        personal = reply.private or self._is_personal(change.after or reply.form)
        visibility = Visibility.PRIVATE if personal else Visibility.PUBLIC
        if reply.failed:
            turn = turn.action_failed(reply.failed)
        yield turn
        if reply.person:
            async with closing(self._hand_over(turn, reply, visibility)) as parts:
                async for part in parts:
                    yield part
            return
        yield Say(reply.markdown, visibility)
        buttons = [*reply.buttons, *self._suggested(turn, reply.suggestions)]
        if buttons:
            yield Offer(await self._offer(turn, buttons))
        yield turn.decide(DecisionKind.FORM, reply.reason)

    async def _hand_over(
        self, turn: Turn, reply: FormReply, visibility: Visibility
    ) -> AsyncIterator[Part | Turn]:
        if reply.markdown:
            yield Say(reply.markdown + "\n\n", visibility)
        answer = replace(_NO_ANSWER, visibility=visibility, team=reply.team)
        async with closing(self._persons.hand_over(turn, reply.reason, answer)) as parts:
            async for part in parts:
                yield part

    def _is_personal(self, form: OpenForm | None) -> bool:
        return form is not None and self._machine.is_personal(form)

    def _suggested(self, turn: Turn, intents: Sequence[str]) -> Sequence[tuple[str, Choice]]:
        language = turn.language
        return [
            (self._answers.title(name, language=language), Choice("intent", name, "", language))
            for name in intents
        ]

    async def _offer(self, turn: Turn, buttons: Sequence[tuple[str, Choice]]) -> tuple[Button, ...]:
        message = turn.message
        return await self._buttons.offer(message.id, buttons, revision=message.revision)


_NO_ANSWER = Answer("")
