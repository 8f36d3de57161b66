"""Reads slots of `type: number`: five, 1,200, 2 adults and a child."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from babel.numbers import format_decimal

from bot.answering.forms.extraction.around import is_limited, is_plain, says_little_else
from bot.answering.forms.extraction.choose import Form, Mention, choose
from bot.answering.forms.extraction.clock import clocks
from bot.answering.forms.extraction.dates import days
from bot.answering.forms.extraction.day_parts import BARE
from bot.answering.forms.extraction.groups import (
    Counted,
    counted,
    counts_people,
    told_total,
    total,
)
from bot.answering.forms.extraction.numbers import Number, numbers
from bot.answering.forms.extraction.spans import spans
from bot.answering.forms.extraction.spec import Refusal, SlotContext, SlotReading, SlotSpec
from bot.answering.forms.extraction.tokens import Answer, folded_tokens
from bot.answering.forms.extraction.vocabulary import ends, locale, numbered, value_words, words_in
from bot.open_form import SlotValue

_PLAIN, _OWN = 1, 3
"""How sure a number is: it stands alone, or counts what the slot counts."""

_LONE = 1


def read_number(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the number that an answer says; of people, what its parts add up to."""
    form: Form[Decimal] = Form(
        lambda value: _value(value, context),
        lambda value: _refused(slot, value),
        ("people", "persons", "total", "plus", "articles"),
    )
    found = _free(said, context, slot)
    if not slot.counts:
        mentions = [Mention(each.start, each.end, (each.value,), _PLAIN) for each in found]
        return choose(slot, said, context, mentions if context.asked else [], form)
    return choose(slot, said, context, _counted(slot, said, found, context), form)


def _counted(
    slot: SlotSpec, said: Answer, found: Sequence[Number], context: SlotContext
) -> list[Mention[Decimal]]:
    """Return the numbers that count what the slot counts, those without a unit after them."""
    language = context.language
    parts = [each for each in counted(said, found, slot.counts, language) if not each.other]
    if counts_people(slot.counts, language):
        whole = told_total(said, parts, language)
        if whole is not None:
            return [Mention(whole.start, whole.end, (whole.value,), _OWN)]
    else:
        parts = [each for each in parts if each.own] or parts
    parts = _rows(said, parts, language)
    return [
        Mention(each.start, each.end, (each.value,), _OWN if each.own else _PLAIN)
        for each in parts
        if each.own or context.asked
    ]


def _rows(said: Answer, parts: Sequence[Counted], language: str) -> list[Counted]:
    """Return what rows of parts add up to; one person alone only where there is no number."""
    rows: list[Counted] = []
    left = list(parts)
    while left and (row := total(said, left, language)):
        rows.append(row)
        left = [each for each in left if each.start >= row.end]
    told = [
        row
        for row in rows
        if any(not part.single for part in parts if row.start <= part.start < row.end)
    ]
    return told or [row for row in rows[:1] if row.own or _is_all(said, row, language)]


def _is_all(said: Answer, row: Counted, language: str) -> bool:
    """Return whether persons without a number are all that an answer says: "just me"."""
    if row.value > 1:
        return True
    own = words_in(language, "around", "just", "total")
    return says_little_else(said, [(row.start, row.end)], language, own)


def _free(said: Answer, context: SlotContext, slot: SlotSpec) -> list[Number]:
    """Return the numbers that are no part of a time, a date or a span of time."""
    language = context.language
    taken: list[tuple[int, int]] = []
    taken += [(c.start, c.end) for c in clocks(said, language) if c.sure > BARE]
    taken += [(d.start, d.end) for d in days(said, context.now, language) if d.sure > _LONE]
    units = {folded_tokens(word) for word in slot.counts}
    taken += [
        (s.start, s.end)
        for s in spans(said, language)
        if not units & {folded_tokens(word) for word in value_words(s.unit, language)}
    ]
    found = [
        each
        for each in numbers(said, language)
        if not any(each.start < end and start < each.end for start, end in taken)
    ]
    known = list(_collectives(said, language))
    apart = (n for n in found if not any(k.start < n.end and n.start < k.end for k in known))
    found = sorted((*apart, *known), key=lambda each: each.start)
    return [
        each
        for each in found
        if not each.ordinal and (each.digits or each.value != 1 or _is_number(said, each, context))
    ]


def _collectives(said: Answer, language: str) -> Iterator[Number]:
    """Yield words for several known things: "both", "half a dozen"."""
    for each in numbered("collectives", language).all(said.tokens):
        yield Number(each.start, each.end, Decimal(each.meaning), digits=False)


def _is_number(said: Answer, one: Number, context: SlotContext) -> bool:
    """Return whether "one" is a number, and does not stand for a thing: "the blue one"."""
    if one.start == 0:
        return True
    if is_limited(said, one.start, context.language):
        return True
    before = said.tokens[one.start - 1].folded
    if ends("people", said, one.end, context.language):
        return True
    return not before.isalpha() or is_plain(before, context.language)


def _refused(slot: SlotSpec, value: Decimal) -> Refusal:
    if slot.min is not None and value < Decimal(str(slot.min)):
        return "too_small"
    if slot.max is not None and value > Decimal(str(slot.max)):
        return "too_large"
    return "not_whole" if slot.counts and value != int(value) else ""


def _value(value: Decimal, context: SlotContext) -> SlotValue:
    shown = format_decimal(value, locale=locale(context.language))
    return SlotValue(int(value) if value == int(value) else float(value), shown)
