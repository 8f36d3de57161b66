"""Words the questions of a form: plain, then with an example, then with buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.answering.forms.extraction import REFUSAL_TEXTS
from bot.answering.forms.shown import plain, shown_of
from bot.answering.replies import Replies
from bot.messages import Choice
from bot.open_form import OpenForm, SlotValue
from bot.ports import Wording
from bot.text.filling import fill
from bot.understanding.intents.schema import IntentEntry
from bot.understanding.intents.slots import Slot

TRIES = 3
"""How often a question is asked before there is a way out."""

MOST_BUTTONS = 25
"""Choices that stand under a question: platforms show more than a few as a list."""

PRIVATE = "private"
"""Opens a window; behind a colon stands what it shows once the form is closed."""

Buttons = tuple[tuple[str, Choice], ...]

SKIP, STOP, PERSON, YES, NO = "skip", "stop", "human", "yes", "no"
ANSWER, CONFIRM, CHANGE = "answer:", "confirm:", "change:"
"""What the buttons of a form do; `ANSWER`, `CONFIRM` and `CHANGE` stand before a value."""


class Questions:
    """The questions of forms.

    Args:
        replies: Texts that admins wrote.
        wording: The bot's own texts.
    """

    def __init__(self, replies: Replies, wording: Wording) -> None:
        self._replies = replies
        self._wording = wording

    def say(self, key: str, form: OpenForm, **values: str) -> str:
        """Return one of the bot's own texts in the form's language."""
        return fill(self._wording.say(key, form.language), values)

    def title(self, form: OpenForm) -> str:
        """Return what the form is about."""
        return self._replies.title(form.intent, language=form.language)

    def name(self, name: str, slot: Slot, form: OpenForm) -> str:
        """Return what a slot is called."""
        return self._replies.texts(
            slot.title or {}, language=form.language, shown={}
        ) or name.replace("_", " ")

    def plain(self, name: str, slot: Slot, form: OpenForm) -> str:
        """Return the question for a slot in one line."""
        asked = self._replies.texts(slot.ask or {}, language=form.language, shown=shown_of(form))
        return asked or self.say("form_ask", form, slot=self.name(name, slot, form))

    def again(self, name: str, slot: Slot, form: OpenForm) -> str:
        """Return the line that repeats the open question at the end of another answer."""
        question = self.plain(name, slot, form)
        return self.say("form_back", form, title=self.title(form), question=question)

    def again_about(self, form: OpenForm) -> str:
        """Return the line that reminds of what a form waits for beside a slot."""
        question = self.say(WAITS[form.step], form)
        return self.say("form_back", form, title=self.title(form), question=question)

    def why(self, name: str, slot: Slot, form: OpenForm) -> str:
        """Return why a slot is asked for."""
        said = self._replies.texts(slot.why or {}, language=form.language, shown=shown_of(form))
        if said:
            return said
        named = self.name(name, slot, form)
        return self.say("form_why", form, title=self.title(form), slot=named)

    def hint(self, slot: Slot, form: OpenForm, choices: Mapping[str, tuple[str, ...]]) -> str:
        """Return an example of an answer; empty: there is none."""
        own = self._replies.texts(slot.example or {}, language=form.language, shown=shown_of(form))
        if own:
            return own
        if slot.type == "choice":
            listed = ", ".join(plain(words[0]) for words in choices.values())
            return self.say("form_hint_choice", form, choices=listed)
        key = HINTS.get(slot.type)
        return self.say(key, form) if key is not None else ""

    def refusal(self, slot: Slot, form: OpenForm, reason: str) -> str:
        """Return why a value is refused."""
        own = self._replies.texts(slot.invalid or {}, language=form.language, shown=shown_of(form))
        if own or not reason:
            return own
        return self.say(REFUSAL_TEXTS[reason], form, **_bounds(slot))

    def choices(self, choices: Mapping[str, tuple[str, ...]], form: OpenForm) -> Buttons:
        """Return a button for each choice, unless there are too many."""
        if len(choices) > MOST_BUTTONS:
            return ()
        return tuple(
            (words[0], self._does(ANSWER + value, form)) for value, words in choices.items()
        )

    def candidates(self, values: Sequence[SlotValue], form: OpenForm) -> Buttons:
        """Return a button for each value that may be meant."""
        return tuple(
            (each.shown, self._does(f"{ANSWER}{each.value}", form))
            for each in values[:MOST_BUTTONS]
        )

    def ways_out(self, slot: Slot | None, form: OpenForm) -> Buttons:
        """Return the buttons to skip a slot that may be left out, to reach a person, to stop."""
        found = [("form_button_skip", SKIP)] if slot is not None and slot.optional else []
        found += [("form_button_person", PERSON), ("form_button_stop", STOP)]
        return tuple((self.say(key, form), self._does(value, form)) for key, value in found)

    def yes_no(self, form: OpenForm) -> Buttons:
        """Return the buttons under a value that is to be confirmed."""
        pairs = (("form_button_yes", YES), ("form_button_no", NO))
        return tuple((self.say(key, form), self._does(value, form)) for key, value in pairs)

    def confirmation(self, form: OpenForm, digest: str) -> Buttons:
        """Return the buttons under the summary of a write."""
        pairs = (
            ("form_button_confirm", CONFIRM + digest),
            ("form_button_change", CHANGE),
            ("form_button_stop", STOP),
        )
        return tuple((self.say(key, form), self._does(value, form)) for key, value in pairs)

    def changes(self, entry: IntentEntry, form: OpenForm) -> Buttons:
        """Return a button for each slot that can be changed."""
        return tuple(
            (self.name(name, entry.slots[name], form), self._does(CHANGE + name, form))
            for name in form.slots
            if name in entry.slots
        )[:MOST_BUTTONS]

    def summary(self, entry: IntentEntry, form: OpenForm) -> str:
        """Return what is filled, a line for each slot."""
        return "\n".join(
            f"- {self.name(name, slot, form)}: {plain(form.slots[name].shown)}"
            for name, slot in entry.slots.items()
            if name in form.slots
        )

    def in_private(self, form: OpenForm, key: str, said: str = "") -> Buttons:
        """Return the button that opens a window for a form.

        Args:
            form: The form.
            key: Of its label.
            said: What the window shows when the form is closed; empty: it opens no more then.
        """
        value = f"{PRIVATE}:{said}" if said else PRIVATE
        return ((self.say(key, form), self._does(value, form)),)

    def _does(self, value: str, form: OpenForm) -> Choice:
        return Choice("form", value, form.id, form.language)


HINTS: Mapping[str, str] = {
    "number": "form_hint_number",
    "amount": "form_hint_amount",
    "date": "form_hint_date",
    "time": "form_hint_time",
    "datetime": "form_hint_datetime",
    "duration": "form_hint_duration",
    "email": "form_hint_email",
    "phone": "form_hint_phone",
}
"""The example of an answer, by the type of the slot."""

WAITS: Mapping[str, str] = {
    "confirm": "form_waits_for_confirm",
    "offer": "proof_code_offered",
    "proof": "form_waits_for_proof",
}
"""What a form waits for beside a slot."""


def _bounds(slot: Slot) -> Mapping[str, str]:
    bounds = {"min": slot.min, "max": slot.max}
    written = {name: f"{value:g}" for name, value in bounds.items() if value is not None}
    return {**written, "longest": str(slot.longest or 500), "currency": slot.currency or ""}
