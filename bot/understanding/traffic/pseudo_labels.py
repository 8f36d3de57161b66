"""Which messages of customers are learned, as which intent, and which are left out."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot.errors import Problem
from bot.ports import Prediction
from bot.privacy.pseudonyms import PLACEHOLDER, masked
from bot.text.control_characters import without_controls
from bot.understanding.corpus import PseudoLabelled
from bot.understanding.intents import Intent, IntentSet
from bot.understanding.language.normalise import has_words
from bot.understanding.traffic.learned_file import Learned

SURE = 0.7
"""Minimum confidence in the first intent of a message that is proposed."""

LONGEST = 200
"""Maximum length of a message that is proposed, in characters: examples are short."""


class LeftOut(StrEnum):
    """Why a message is not proposed."""

    UNSURE = "not sure enough of the intent"
    PERSONAL = "of an intent with `risk: personal`"
    DRAFT = "of a draft"
    CONFLICTING = "the same text as another message, with another intent"
    KNOWN = "written in the intents, learned already, or said twice"
    UNUSABLE = "too long, or nothing left without personal data"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message with its prediction, by a model that has learned from people's examples only.

    Attributes:
        written: The day on which it was sent, UTC.
        author: Key of its author: `platform:workspace:user_id`.
    """

    text: str
    prediction: Prediction
    written: date
    author: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """The messages that are proposed for learning.

    Attributes:
        looked_at: Number of messages that were labelled.
        left_out: Number of messages that are not proposed, by reason.
    """

    rows: tuple[Learned, ...] = ()
    looked_at: int = 0
    left_out: Counter[LeftOut] = field(default_factory=Counter)


def propose(messages: Sequence[Labelled], intents: IntentSet, known: Iterable[Learned]) -> Proposal:
    """Propose messages for learning, with personal data replaced, each text once.

    Args:
        messages: Messages of customers, the latest first.
        intents: The intents as they are now.
        known: The messages that were approved before.
    """
    seen = _taught(intents).keys() | {same(row.text) for row in known}
    found = [_candidate(message, intents) for message in messages]
    labels = _labels(each for each in found if isinstance(each, Learned))
    rows: list[Learned] = []
    left_out: Counter[LeftOut] = Counter()
    for each in found:
        if isinstance(each, LeftOut):
            left_out[each] += 1
        elif (text := same(each.text)) in seen:
            left_out[LeftOut.KNOWN] += 1
        elif len(labels[text]) > 1:
            left_out[LeftOut.CONFLICTING] += 1
        else:
            seen |= {text}
            rows.append(each)
    return Proposal(tuple(rows), len(messages), left_out)


def usable(rows: Iterable[Learned], intents: IntentSet) -> tuple[PseudoLabelled, ...]:
    """Return approved messages as training takes them, without those that contradict the intents.

    Their order does not depend on that of the file.
    """
    rows = tuple(rows)
    refused = {id(row) for row, _, _ in _contradictions(rows, intents)}
    kept = {(row.intent, row.text) for row in rows if id(row) not in refused}
    return tuple(PseudoLabelled(text, intent) for intent, text in sorted(kept))


def learned_problems(rows: Iterable[Learned], intents: IntentSet, path: Path) -> Iterator[Problem]:
    """Yield a warning for each approved message that training leaves out."""
    for row, wrong, remedy in _contradictions(tuple(rows), intents):
        yield Problem(path, row.line, 1, f"intents.{row.intent}", wrong, remedy, "warning")


def same(text: str) -> str:
    """Return a text in the form in which two messages are compared.

    >>> same(" Where is  MY order ")
    'where is my order'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _candidate(message: Labelled, intents: IntentSet) -> Learned | LeftOut:
    """Return a message as it would be learned, or why it is not."""
    ranked = message.prediction.intents
    if not ranked or ranked[0].confidence < SURE:
        return LeftOut.UNSURE
    intent = intents.by_name.get(ranked[0].name)
    if intent is None:
        return LeftOut.UNSURE
    if intent.entry.risk == "personal":
        return LeftOut.PERSONAL
    if intent.entry.draft:
        return LeftOut.DRAFT
    text = " ".join(without_controls(masked(message.text)).split())
    if len(text) > LONGEST or not has_words(PLACEHOLDER.sub(" ", text)):
        return LeftOut.UNUSABLE
    return Learned(intent.name, text, message.written, message.author)


def _contradictions(
    rows: Sequence[Learned], intents: IntentSet
) -> Iterator[tuple[Learned, str, str]]:
    """Yield the messages that are left out of training, with what is wrong and the remedy."""
    taught = _taught(intents)
    labels = _labels(rows)
    for row in rows:
        intent = intents.by_name.get(row.intent)
        others = labels[same(row.text)] - {row.intent}
        if (wrong := _not_learned(intent)) is not None:
            yield row, wrong, "delete these messages, or move them to another intent"
        elif (place := taught.get(same(row.text))) is not None:
            yield row, f"this text is written in {place}, which counts", "delete this line"
        elif others:
            wrong = f"the same text is also learned as {', '.join(sorted(others))}"
            yield row, f"{wrong}: neither counts", "keep it in one of them"


def _labels(rows: Iterable[Learned]) -> dict[str, set[str]]:
    """Return the intents of each text."""
    labels: dict[str, set[str]] = {}
    for row in rows:
        labels.setdefault(same(row.text), set()).add(row.intent)
    return labels


def _not_learned(intent: Intent | None) -> str | None:
    """Return why nothing is learned for an intent; None if something is."""
    if intent is None:
        return "there is no such intent"
    if intent.entry.risk == "personal":
        return "messages are never learned for an intent with `risk: personal`"
    return "messages are never learned for a draft" if intent.entry.draft else None


def _taught(intents: IntentSet) -> dict[str, str]:
    """Return all texts that people labelled, with their place."""
    utterances = (
        example for intent in intents.intents for example in (*intent.examples, *intent.near_misses)
    )
    places: dict[str, str] = {}
    for example in (*utterances, *intents.out_of_scope):
        place = f"{example.path.name}:{example.line}" if example.path else "the intents"
        places.setdefault(same(example.text), place)
    return places
