"""Says what a form replies, and begins forms where an intent has one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from bot.answering.forms.commands import Command
from bot.answering.forms.machine import FormMachine
from bot.answering.forms.questions import TRIES, Questions
from bot.answering.forms.reply import FormReply, Moved
from bot.answering.forms.steps import FormSteps
from bot.answering.forms.transitions import needs_ways_out
from bot.answering.forms.turn import FormTurn
from bot.form_events import FormEnding, form_event
from bot.messages import Button, Choice, DecisionKind, Offer, Part, Say, Visibility
from bot.open_form import FormChange, OpenForm
from bot.ports import Answer, Answers, Buttons, Forms, TellsZones
from bot.responder import Turn
from bot.stages.form_moves import MovesForms
from bot.stages.intent_reply import IntentReply
from bot.streams import closing

WAYS_OUT = 80
"""Position of the buttons that end a form under an answer to something else, which has its own."""

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
        moves: Lets forms go on in private.
        zones: Tells the time zone of a customer.
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
        moves: MovesForms,
        zones: TellsZones,
    ) -> None:
        self._machine = machine
        self._steps = steps
        self._questions = questions
        self._forms = forms
        self._buttons = buttons
        self._answers = answers
        self._persons = persons
        self._moves = moves
        self._zones = zones

    async def event(self, turn: Turn) -> FormTurn:
        """Return the event as forms see it."""
        lines = [each.text for each in turn.conversation.turns if each.role == "customer"]
        message = turn.message
        return FormTurn(
            message,
            message.sent_at.astimezone(await self._zones.zone(message.author.key)),
            tuple(reversed(lines[-EARLIER:])),
        )

    async def begin(self, turn: Turn, intent: str, reason: str) -> AsyncIterator[Part | Turn]:
        """Begin an intent's form; where one is open, it comes after that."""
        message = turn.message
        stored = await self._forms.form(message.conversation, message.author.key)
        change = turn.form or FormChange(stored, stored)
        if change.after is not None:
            reply = self._queued(change.after, intent, reason)
            if not reply.said:  # it is open already: the question once more
                reply = reply.after(self._steps.question(change.after))
                turn = replace(turn, closing="")
        else:
            form = self._machine.open(intent, await self.event(turn), language=turn.language)
            closes = change.before is not None
            reply = await self._begun(turn, form, turn.text, closes=closes)
            turn = turn.because(reason)
            if reply.ends or (reply.form is not None and reply.form.intent == intent):
                turn = turn.because(form_event(intent, "begun"), *reply.events(intent))
        async with closing(self._say(turn, change, reply)) as parts:
            async for part in parts:
                yield part

    async def take(
        self, turn: Turn, form: OpenForm, command: Command
    ) -> AsyncIterator[Part | Turn]:
        """Do what a customer says in their form."""
        named = type(command).__name__
        kept = self.kept(turn, form)
        reply = await self._steps.take(kept, command, await self.event(turn))
        turn = turn.because(f"in the form of {form.intent}: {named}")
        async with closing(self.reply(turn, form, reply)) as parts:
            async for part in parts:
                yield part

    async def reply(
        self, turn: Turn, form: OpenForm, reply: FormReply
    ) -> AsyncIterator[Part | Turn]:
        """Say what is replied in an open form; begin what comes after it."""
        turn = turn.because(*reply.events(form.intent))
        if reply.form is None and not reply.person and form.queued:
            turn, reply = await self._next(turn, form, reply)
        async with closing(self._say(turn, FormChange(form, form), reply)) as parts:
            async for part in parts:
                yield part

    async def person(self, turn: Turn, form: OpenForm) -> AsyncIterator[Part | Turn]:
        """Hand over to the person that the customer wishes for; the form ends, with a word."""
        stopped = self._steps.stop(form).said
        reply = FormReply(None, "the customer asked for a person in a form", stopped, person=True)
        turn = turn.because(form_event(form.intent, "person"))
        async with closing(self._say(turn, FormChange(form, form), reply)) as parts:
            async for part in parts:
                yield part

    async def proof(self, turn: Turn, form: OpenForm) -> FormReply | None:
        """Return what is said to an answer to the question for a proof; None: it is none."""
        return await self._steps.prove(self.kept(turn, form), await self.event(turn))

    async def checked(self, turn: Turn, form: OpenForm) -> FormReply | None:
        """Return the reply to a text that the check of the asked slot takes; None: it does not."""
        return await self._steps.checked(self.kept(turn, form), await self.event(turn))

    def stopped(self, turn: Turn, form: OpenForm) -> Turn:
        """Return the turn of a customer who wants something else instead of a form."""
        (said,) = self._steps.stop(form).said
        notice = "\n\n".join(filter(None, (turn.notice, said)))
        reason = "the customer stopped the form and asks for something else"
        turn = turn.because(reason, form_event(form.intent, "stopped"))
        return replace(turn, notice=notice, form=FormChange(form, None))

    def kept(self, turn: Turn, form: OpenForm) -> OpenForm:
        """Return the form, which stays open from now on for as long as a new one."""
        return replace(form, expires_at=self._machine.expires(turn.message.sent_at))

    def ended(self, turn: Turn, form: OpenForm) -> Turn | None:
        """Return the turn with the end of a form that is no longer answered; None: it is."""
        ending: FormEnding
        if turn.message.sent_at >= form.expires_at:
            key, reason = "form_expired", "the form had expired"
            ending = "expired"
        elif not self._machine.is_current(form):
            key, reason = "form_outdated", "what the form asks for was changed meanwhile"
            ending = "outdated"
        else:
            return None
        said = self._questions.say(key, form, title=self._questions.title(form))
        notice = "\n\n".join(filter(None, (turn.notice, said)))
        turn = turn.because(reason, form_event(form.intent, ending))
        return replace(turn, notice=notice, form=FormChange(form, None))

    async def passed_on(self, turn: Turn, form: OpenForm) -> Turn:
        """Return the turn of a side question: the open question stands at the end of its answer."""
        entry = self._machine.entry(form)
        kept = replace(self.kept(turn, form), asides=form.asides + 1)
        slot = entry.slots.get(form.asked)
        question = self._steps.question(kept)
        offers = turn.offers
        if needs_ways_out(kept, TRIES):
            ways_out = self._questions.ways_out(slot, form)
            offers = (*offers, *await self._offer(turn, ways_out, WAYS_OUT))
        return replace(
            turn.because(f"asks something else than the form of {form.intent}"),
            closing=question,
            form=FormChange(form, kept),
            offers=offers,
        )

    def _queued(self, form: OpenForm, intent: str, reason: str) -> FormReply:
        """Return the reply to who wants something done while a form is open."""
        if intent == form.intent or intent in form.queued:
            return FormReply(form, reason, asks=False)
        later = replace(form, queued=(*form.queued, intent))
        title = self._answers.title(intent, language=form.language)
        said = self._questions.say("form_queued", form, title=title)
        reason = f"{reason}: it comes after the form of {form.intent}"
        return FormReply(later, reason, (said,), asks=False)

    async def _next(self, turn: Turn, form: OpenForm, reply: FormReply) -> tuple[Turn, FormReply]:
        """Return a reply with the beginning of what the customer wanted as well."""
        intent, *rest = form.queued
        event = await self.event(turn)
        opened = self._machine.open(intent, event, language=form.language)
        if not opened.intents_hash:  # no longer taught
            return turn, reply
        opened = replace(opened, queued=tuple(rest))
        begun = await self._begun(turn, opened, "", closes=True)
        title = self._answers.title(intent, language=form.language)
        said = self._questions.say("form_next", form, title=title)
        turn = turn.because(form_event(intent, "begun"), *begun.events(intent))
        return turn, begun.after(*reply.said, said)

    async def _begun(self, turn: Turn, form: OpenForm, text: str, *, closes: bool) -> FormReply:
        event = await self.event(turn)
        if not self._machine.is_personal(form) or turn.message.answered_alone:
            return await self._machine.begin(form, text, event)

        def queued(there: OpenForm) -> FormReply:
            return self._queued(there, form.intent, "the customer wants something else as well")

        return await self._moves.begin(form, text, event, queued, closes=closes)

    async def _say(
        self, turn: Turn, change: FormChange, reply: FormReply
    ) -> AsyncIterator[Part | Turn]:
        """Say a reply, and decide what becomes of the form."""
        if reply.moved is not None:
            async with closing(self._say_moved(turn, change, reply, reply.moved)) as parts:
                async for part in parts:
                    yield part
            return
        offered = await self._offered(turn, reply)
        after = FormChange(change.before, reply.asked(offered))
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
        buttons = (*offered, *await self._answering(turn, reply, len(offered)))
        if buttons:
            yield Offer(buttons)
        yield turn.decide(DecisionKind.FORM, reply.reason)

    async def _say_moved(
        self, turn: Turn, change: FormChange, reply: FormReply, moved: Moved
    ) -> AsyncIterator[Part | Turn]:
        """Say in private what a form says; hand over here where a person is to go on."""
        async with closing(self._moves.say(turn, change, reply, moved)) as parts:
            async for part in parts:
                turn = part if isinstance(part, Turn) else turn
                yield part
        if not moved.reply.person:
            yield turn.decide(DecisionKind.FORM, reply.reason)
            return
        handed = replace(moved.reply, said=())
        async with closing(self._hand_over(turn, handed, Visibility.PUBLIC)) as parts:
            async for part in parts:
                yield part

    async def _offered(self, turn: Turn, reply: FormReply) -> tuple[Button, ...]:
        """Return the buttons of a reply."""
        if reply.person:
            return ()
        return await self._offer(turn, [*reply.buttons, *self._suggested(turn, reply.suggestions)])

    async def _answering(self, turn: Turn, reply: FormReply, first: int) -> tuple[Button, ...]:
        """Return the button by which a question that one person alone sees is answered."""
        if reply.form is None or not turn.message.apart:
            return ()
        button = self._questions.in_private(reply.form, "form_button_answer")
        return await self._offer(turn, button, first)

    async def _hand_over(
        self, turn: Turn, reply: FormReply, visibility: Visibility
    ) -> AsyncIterator[Part | Turn]:
        if reply.markdown:
            yield Say(reply.markdown + "\n\n", visibility)
        answer = Answer("", visibility, team=reply.team)
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

    async def _offer(
        self, turn: Turn, buttons: Sequence[tuple[str, Choice]], first: int = 0
    ) -> tuple[Button, ...]:
        message = turn.message
        offer = self._buttons.offer
        return await offer(message.id, buttons, first=first, revision=message.revision)
