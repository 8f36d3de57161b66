"""The state machine of forms: what is asked, run and said next, and what becomes of the form."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.answering.forms.definitions import (
    Definitions,
    provided_choices,
    sources,
    spec_of,
    words_of,
)
from bot.answering.forms.extraction import SlotContext, SlotReading, read_slot
from bot.answering.forms.questions import TRIES, Questions
from bot.answering.forms.reply import FormReply
from bot.answering.forms.running import RunsActions
from bot.answering.forms.shown import plain
from bot.answering.forms.transitions import (
    asks,
    filled,
    needs_ways_out,
    next_slot,
    said_before,
    taken,
)
from bot.answering.forms.turn import FormTurn
from bot.open_form import OpenForm, SlotValue
from bot.understanding.intents.schema import IntentEntry
from bot.understanding.intents.slots import Slot

RECALLED = ("pattern", "email", "phone")
"""Types of slots whose value is looked for in what the customer wrote before."""


class FormMachine:
    """Leads forms, from the first question to the reply.

    Args:
        definitions: The forms of the intents.
        questions: Words what is asked.
        actions: Runs the actions of intents.
        expire: After how long without an answer a form is closed.
        default_language: Of words for choices, beside the customer's.
    """

    def __init__(
        self,
        definitions: Definitions,
        questions: Questions,
        actions: RunsActions,
        *,
        expire: timedelta,
        default_language: str,
    ) -> None:
        self._definitions = definitions
        self._questions = questions
        self._actions = actions
        self._expire = expire
        self._default = default_language

    def open(self, intent: str, turn: FormTurn, *, language: str) -> OpenForm:
        """Return a new form; the same event opens the same one."""
        message = turn.message
        digest = hashlib.sha256(f"{message.id}\0{intent}".encode("utf-8", "surrogatepass"))
        return OpenForm(
            digest.hexdigest()[:32],
            message.conversation,
            message.author.key,
            intent,
            self._definitions.hash(intent),
            language,
            self.expires(message.sent_at),
        )

    def expires(self, at: datetime) -> datetime:
        """Return when a form that somebody answered at a moment is closed."""
        return at + self._expire

    async def begin(self, form: OpenForm, text: str, turn: FormTurn) -> FormReply:
        """Begin a form: take what its first message says, then go on."""
        entry = self.entry(form)
        if entry.action and not self._actions.is_available(entry.action):
            return self._actions.unavailable(form, turn, "the shop is down")
        unclear: dict[str, tuple[SlotValue, ...]] = {}
        for name, slot in entry.slots.items():
            if slot.type == "text":
                continue  # read when it is asked
            if slot.choices_from is not None:
                form = await self._actions.glance(form, slot.choices_from.action, turn)
            found = self.read(form, name, text, turn, asked=False)
            unclear[name] = found.candidates
            if found.value is not None:
                value = SlotValue(found.value, found.shown)
                form = said_before(form, name, value) if slot.check else filled(form, name, value)
        reply = await self.go_on(form, turn)
        asked = reply.form.asked if reply.form is not None and reply.form.step == "slots" else ""
        candidates = unclear.get(asked, ())
        return self.which(reply, candidates, form) if candidates else reply

    def entry(self, form: OpenForm) -> IntentEntry:
        """Return the intent of a form that is defined."""
        entry = self._definitions.of(form.intent)
        if entry is None:
            raise LookupError(form.intent)
        return entry

    def is_current(self, form: OpenForm) -> bool:
        """Return whether a form is still what its intent asks for."""
        return self._definitions.hash(form.intent) == form.intents_hash

    def name(self, form: OpenForm, name: str) -> str:
        """Return what a slot of a form is called."""
        return self._questions.name(name, self.entry(form).slots[name], form)

    def is_choice(self, form: OpenForm, name: str) -> bool:
        """Return whether a slot takes one of some choices, whose words are unmistakable."""
        return self.entry(form).slots[name].type == "choice"

    def is_personal(self, form: OpenForm) -> bool:
        """Return whether what is asked or said is for the customer alone."""
        entry = self._definitions.of(form.intent)
        if entry is None:
            return False
        named = [entry.action, *(each.action for each in sources(entry))]
        infos = [self._actions.info(name) for name in named]
        return (
            entry.visibility == "private"
            or any(slot.is_personal for slot in entry.slots.values())
            or any(info.personal for info in infos if info is not None)
        )

    def read(
        self,
        form: OpenForm,
        name: str,
        text: str,
        turn: FormTurn,
        *,
        asked: bool = True,
        language: str = "",
    ) -> SlotReading:
        """Return what a text says for a slot whose choices are known.

        Args:
            form: The form.
            name: The slot.
            text: What the customer wrote.
            turn: When.
            asked: The slot was just asked for.
            language: BCP 47 tag of the text; empty: the form's.
        """
        slot = self.entry(form).slots[name]
        spec = spec_of(name, slot, self._tags(form), self.choices(form, slot))
        return read_slot(spec, text, SlotContext(language or form.language, turn.now, asked))

    async def go_on(self, form: OpenForm, turn: FormTurn) -> FormReply:
        """Ask for the next slot; when there is none, run the action or reply."""
        entry = self.entry(form)
        name = next_slot(form, entry.slots)
        if name:
            return await self.ask(form, name, turn)
        return await self._actions.finish(form, entry, turn)

    def which(self, reply: FormReply, candidates: Sequence[SlotValue], form: OpenForm) -> FormReply:
        """Return a question with buttons for the values between which a text did not decide."""
        said = self._questions.say("form_which", form)
        buttons = self._questions.candidates(candidates, form)
        return replace(reply, said=(said,), buttons=(*buttons, *reply.buttons))

    async def fill(self, form: OpenForm, name: str, value: SlotValue, turn: FormTurn) -> FormReply:
        """Fill a slot, once its check lets the value through, and go on."""
        slot = self.entry(form).slots[name]
        if slot.check is not None:
            checked = await self._actions.check(form, name, slot.check.action, value, turn)
            if checked.reply is not None:
                return checked.reply
            if checked.value is None:
                why = checked.reason or self._questions.refusal(slot, form, "")
                why = why or self._questions.say("form_refused", form)
                return (await self.ask(form, name, turn)).after(why)
            value = checked.value
        return await self.go_on(filled(form, name, value), turn)

    async def ask(self, form: OpenForm, name: str, turn: FormTurn) -> FormReply:
        """Ask for a slot: plain, then with an example, then with ways out, never a fourth time."""
        slot = self.entry(form).slots[name]
        source = slot.choices_from
        if source is not None and source.list not in form.results:
            form, stopped = await self._actions.read(form, source.action, turn)
            if stopped is not None:
                return stopped
        choices = self.choices(form, slot)
        if source is not None and not choices:
            said = self._questions.say("form_nothing_to_choose", form)
            reason = f"there is nothing to choose for {name}"
            return FormReply(None, reason, (said,), ending="nothing_to_choose")
        again = form.step == "slots" and form.asked == name
        if name in form.said_before:
            form, value = taken(form, name)
            return await self.fill(form, name, value, turn)
        if slot.check is not None and not again:
            unproven = await self._actions.prove_first(form, slot.check.action, turn)
            if unproven is not None:
                return unproven
        if not again and (recalled := self._recalled(form, name, turn)) is not None:
            return self._propose(form, name, recalled)
        return self._question(asks(replace(form, proposed=None), name), name, slot, choices)

    def _question(
        self, form: OpenForm, name: str, slot: Slot, choices: Mapping[str, tuple[str, ...]]
    ) -> FormReply:
        if form.tries > TRIES:
            return self._way_out(form, name)
        said = [self._questions.plain(name, slot, form)]
        buttons = self._questions.choices(choices, form)
        if form.tries == TRIES:
            said.insert(0, self._questions.say("form_last_try", form))
        if form.tries > 1:
            said.append(self._questions.hint(slot, form, choices))
        if needs_ways_out(form, TRIES):
            buttons = (*buttons, *self._questions.ways_out(slot, form))
        return FormReply(form, f"asks for {name}, try {form.tries}", tuple(said), buttons)

    def again(self, form: OpenForm, name: str, *, hint: bool) -> FormReply:
        """Repeat the question for a slot, which counts as no try, with the ways out of it."""
        slot = self.entry(form).slots[name]
        if form.proposed is not None:
            return self._propose(form, name, form.proposed)
        choices = self.choices(form, slot)
        said = [self._questions.plain(name, slot, form)]
        if hint:
            said.append(self._questions.hint(slot, form, choices))
        buttons = (*self._questions.choices(choices, form), *self._questions.ways_out(slot, form))
        repeated = replace(form, asides=form.asides + 1)
        return FormReply(repeated, f"asks for {name} again", tuple(said), buttons)

    def _way_out(self, form: OpenForm, name: str) -> FormReply:
        said = self._questions.say("form_gave_up", form)
        reason = f"{name} was asked for {TRIES} times: a person goes on"
        return FormReply(None, reason, (said,), person=True, ending="given_up")

    def _recalled(self, form: OpenForm, name: str, turn: FormTurn) -> SlotValue | None:
        """Return the latest value for a slot that the customer wrote before."""
        slot = self.entry(form).slots[name]
        if slot.type not in RECALLED or name in form.recalled:
            return None
        for text in turn.earlier:
            found = self.read(form, name, text, turn, asked=False)
            if found.value is not None:
                return SlotValue(found.value, found.shown)
        return None

    def _propose(self, form: OpenForm, name: str, value: SlotValue) -> FormReply:
        slot = self.entry(form).slots[name]
        recalled = tuple(dict.fromkeys((*form.recalled, name)))
        form = replace(asks(form, name), tries=0, proposed=value, recalled=recalled)
        named = self._questions.name(name, slot, form)
        said = self._questions.say("form_propose", form, slot=named, value=plain(value.shown))
        reason = f"{name} was said before in this conversation"
        return FormReply(form, reason, (said,), self._questions.yes_no(form))

    def choices(self, form: OpenForm, slot: Slot) -> Mapping[str, tuple[str, ...]]:
        """Return the words for each choice of a slot, as far as they are known."""
        source = slot.choices_from
        if source is not None:
            return provided_choices(source, form.results.get(source.list))
        return words_of(slot, self._tags(form))

    def words(self, form: OpenForm, slot: Slot, language: str) -> Mapping[str, tuple[str, ...]]:
        """Return the words for each choice of a slot, in one language where there are any."""
        tags = dict.fromkeys((language, language.partition("-")[0], self._default))
        taught = {
            value: tuple(word for tag in tags for word in wording.get(tag, ()))
            for value, wording in slot.choices.items()
        }
        fits = slot.choices_from is None and all(taught.values())
        return taught if fits else self.choices(form, slot)

    def _tags(self, form: OpenForm) -> Sequence[str]:
        tags = (form.language, form.language.partition("-")[0], self._default)
        return list(dict.fromkeys(tags))
