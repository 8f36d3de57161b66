"""Which of the values in an answer is meant: denied ones, corrections, changes, ranges, bounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Generic, TypeVar

from bot.answering.forms.extraction.around import is_denied, says_little_else
from bot.answering.forms.extraction.corrections import last_said, singled_out
from bot.answering.forms.extraction.spec import (
    NOTHING,
    Refusal,
    SlotContext,
    SlotReading,
    SlotSpec,
)
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import begins, ends, phrases, words_in
from bot.open_form import SlotValue

Value = TypeVar("Value")

_DASHES = frozenset("-–—~～")
_BETWEEN = ("at", "of", "on", "about", "just", "range_to")
"""Names of the words between a word such as "to" and its value: "to about the"."""

MOST_CANDIDATES = 5
"""Candidates between which a customer is asked; more are no question."""


@dataclass(frozen=True, slots=True)
class Mention(Generic[Value]):
    """A value in an answer.

    Attributes:
        start, end: Its tokens.
        options: What it may stand for; empty: there is no such value.
        sure: The surest mentions of an answer count.
    """

    start: int
    end: int
    options: tuple[Value, ...]
    sure: int = 3


@dataclass(frozen=True, slots=True)
class Form(Generic[Value]):
    """How values of a type are checked and written.

    Attributes:
        written: Returns a value as actions take it, and as the customer reads it.
        refuses: Returns why a value is not taken; empty: it is.
        own: Words that say what the value is, and so nothing more.
        missing: Why a mention without options is refused.
    """

    written: Callable[[Value], SlotValue]
    refuses: Callable[[Value], Refusal] = lambda _: ""
    own: Sequence[str] = ()
    missing: Refusal = ""


def choose(
    slot: SlotSpec,
    said: Answer,
    context: SlotContext,
    found: Sequence[Mention[Value]],
    form: Form[Value],
) -> SlotReading:
    """Return what an answer says, of all the values that stand in it."""
    meant = [each for each in found if not is_denied(said, each.start, context.language)]
    surest = max((each.sure for each in meant), default=0)
    meant = _surest(said, meant, surest, context.language)
    meant = last_said(said, meant, context.language)
    if not slot.many:
        meant = _end_of_range(slot, said, meant, context)
        if not slot.end:
            meant = singled_out(said, meant, context.language)
    if not meant:
        return NOTHING
    own = words_in(context.language, "around", "about", *form.own)
    whole = says_little_else(
        said, [(each.start, each.end) for each in found], context.language, own
    )
    if slot.many:
        reading = _several(meant, form, whole=whole)
    else:
        options = [option for each in meant for option in each.options]
        reading = _single(options, form, whole=whole)
    start, end = said.place(meant[0].start, max(each.end for each in meant))
    return replace(reading, start=start, end=end)


def _surest(
    said: Answer, found: Sequence[Mention[Value]], surest: int, language: str
) -> list[Mention[Value]]:
    """Return the surest values, and what is the other end of a range with one of them."""
    kept = {place for place, each in enumerate(found) if each.sure == surest}
    for place, (first, second) in enumerate(pairwise(found)):
        if {place, place + 1} & kept and _joins(said, first.end, second.start, language):
            kept |= {place, place + 1}
    return [found[place] for place in sorted(kept)]


def _single(options: Sequence[Value], form: Form[Value], *, whole: bool) -> SlotReading:
    """Return the only value that is taken; candidates, where there are several."""
    if not options:
        return SlotReading(refused=form.missing)
    refusals = [form.refuses(each) for each in options]
    values = {
        str(written.value): written
        for option, refusal in zip(options, refusals, strict=True)
        if not refusal
        for written in (form.written(option),)
    }
    if not values:
        return SlotReading(shown=form.written(options[0]).shown, whole=whole, refused=refusals[0])
    if len(values) > MOST_CANDIDATES:
        return NOTHING
    first, *others = values.values()
    if others:
        return SlotReading(whole=whole, candidates=tuple(values.values()))
    return SlotReading(first.value, first.shown, whole)


def _several(meant: Sequence[Mention[Value]], form: Form[Value], *, whole: bool) -> SlotReading:
    """Return all values of a slot that takes many; the first that is refused refuses all."""
    taken: dict[str, SlotValue] = {}
    for each in meant:
        reading = _single(each.options, form, whole=whole)
        if reading.value is None:
            return reading
        taken[str(reading.value)] = SlotValue(reading.value, reading.shown)
    values = list(taken.values())
    shown = ", ".join(each.shown for each in values)
    return SlotReading([each.value for each in values], shown, whole)


def _end_of_range(
    slot: SlotSpec, said: Answer, found: list[Mention[Value]], context: SlotContext
) -> list[Mention[Value]]:
    """Return the end of a range that is meant; the last value, where one is changed to another."""
    language = context.language
    for first, second in pairwise(found):
        if not _joins(said, first.end, second.start, language):
            continue
        if slot.end:
            return [first if slot.end == "from" else second]
        if any(phrases("changes", language).all(said.tokens)):
            return [second]
        return [first, second]
    if not slot.end:
        return found
    return _marked(slot.end, said, found, context)


def _joins(said: Answer, end: int, start: int, language: str) -> bool:
    """Return whether nothing but a word such as "to" stands between two values."""
    if start <= end:
        return False
    if all(said.tokens[place].folded in _DASHES for place in range(end, start)):
        return True
    place = ends("range_to", said, end, language)
    around = words_in(language, *_BETWEEN)
    return 0 < place <= start and all(
        said.tokens[each].folded in around for each in range(place, start)
    )


def _marked(
    which: str, said: Answer, found: list[Mention[Value]], context: SlotContext
) -> list[Mention[Value]]:
    """Return the values that a word marks as this end; those that it marks as the other are out."""
    names = {"from": ("range_from",), "to": ("range_to",)}
    other = names["to" if which == "from" else "from"]
    own, left = [], []
    for each in found:
        mark = _mark(said, each.start, names[which], context.language)
        against = _mark(said, each.start, other, context.language)
        if mark > against:
            own.append(each)
        elif against <= mark:
            left.append(each)
    return own or left


def _mark(said: Answer, start: int, names: Sequence[str], language: str) -> int:
    """Return where a word for an end of a range stands closely before a value; -1: nowhere."""
    around = words_in(language, *_BETWEEN)
    for end in range(start, max(start - 4, 0), -1):
        place = begins(names, said, end, language)
        if place >= 0:
            return end
        if said.tokens[end - 1].folded not in around:
            break
    return -1
