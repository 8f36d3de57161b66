"""What an intent's form asks for, as its slots are read in a language."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.answering.conditions import written
from bot.answering.forms.extraction import SlotContext, SlotSpec, read_slot
from bot.answering.replies import has_form
from bot.understanding.intents import IntentSet
from bot.understanding.intents.schema import IntentEntry
from bot.understanding.intents.slots import ChoicesFrom, Slot, SlotCheck


class Definitions:
    """The forms of an intent set."""

    def __init__(self, intents: IntentSet) -> None:
        self._entries = {
            each.name: each.entry
            for each in intents.intents
            if has_form(each.entry) and not each.entry.draft
        }

    def of(self, intent: str) -> IntentEntry | None:
        """Return the intent whose form it is; None: it has none."""
        return self._entries.get(intent)

    def taking(self, text: str, language: str) -> Sequence[str]:
        """Return the intents whose form takes a number or code that a text names."""
        return [name for name in self._entries if self.takes(name, text, language)]

    def takes(self, intent: str, text: str, language: str) -> bool:
        """Return whether a text names a number or code that the form of an intent asks for."""
        entry, context = self._entries.get(intent), SlotContext(language, _ANY_TIME, asked=False)
        slots = entry.slots if entry is not None else {}
        found = [
            read_slot(spec_of(name, slot, ()), text, context)
            for name, slot in slots.items()
            if slot.type == "pattern"
        ]
        return any(each.value is not None or each.candidates for each in found)

    def hash(self, intent: str) -> str:
        """Return the hash of what a form asks for and does; another one closes an open form.

        Words and examples may change under an open form.
        """
        entry = self._entries.get(intent)
        if entry is None:
            return ""
        slots = {
            name: slot.model_dump(mode="json", exclude=_WORDS) for name, slot in entry.slots.items()
        }
        content = json.dumps([slots, entry.action], sort_keys=True)
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # patterns know no time

_WORDS = {"title", "ask", "why", "example", "invalid"}


def sources(entry: IntentEntry) -> Iterator[ChoicesFrom | SlotCheck]:
    """Yield what slots read from actions."""
    for slot in entry.slots.values():
        yield from (each for each in (slot.choices_from, slot.check) if each is not None)


def spec_of(
    name: str, slot: Slot, tags: Sequence[str], choices: Mapping[str, tuple[str, ...]] | None = None
) -> SlotSpec:
    """Return what a slot takes.

    Args:
        name: Of the slot.
        slot: As it is taught.
        tags: Languages of words for choices, the customer's first.
        choices: Those that an action provided; None: those of the slot.
    """
    return SlotSpec(
        name,
        slot.type,
        pattern=slot.pattern or "",
        choices=words_of(slot, tags) if choices is None else choices,
        many=slot.many,
        min=slot.min,
        max=slot.max,
        past=slot.past,
        future=slot.future,
        longest=slot.longest or 0,
        currency=slot.currency or "",
        region=slot.region or "",
        part=slot.part or "",
        end=slot.end or "",
        hours=_hours(slot.hours),
        counts=tuple(word for tag in tags for word in slot.counts.get(tag, ())),
    )


def _hours(written: str | None) -> tuple[str, str] | tuple[()]:
    first, _, last = (written or "").partition("-")
    return (first, last) if written else ()


def words_of(slot: Slot, tags: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the words for each choice of a slot: in the given languages first, then in others."""
    found = {}
    for value, wording in slot.choices.items():
        order = dict.fromkeys((*tags, *wording))
        words = [word for tag in order for word in wording.get(tag, ())]
        found[value] = _once([*words, value])
    return found


def provided_choices(source: ChoicesFrom, listed: object) -> Mapping[str, tuple[str, ...]]:
    """Return the choices in a value that an action provided: objects, or texts."""
    found: dict[str, tuple[str, ...]] = {}
    for each in listed if isinstance(listed, (list, tuple)) else ():
        item = each if isinstance(each, Mapping) else {source.value: each}
        value = written(item.get(source.value))
        if value:
            found[value] = _once([*_words(item.get(source.label)), value, *_more(source, item)])
    return found


def _more(source: ChoicesFrom, item: Mapping[str, Any]) -> Iterable[str]:
    return _words(item.get(source.synonyms)) if source.synonyms else ()


def _words(value: object) -> Iterable[str]:
    if isinstance(value, (list, tuple)):
        return [written(each) for each in value]
    return [written(value)] if value is not None else []


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
