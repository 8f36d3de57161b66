"""Numbers of a message with their units, signs and currencies, as forms read numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from bot.answering.forms.extraction.amounts import currency_at
from bot.answering.forms.extraction.clock import clocks
from bot.answering.forms.extraction.dates import days
from bot.answering.forms.extraction.day_parts import BARE
from bot.answering.forms.extraction.numbers import Number, numbers
from bot.answering.forms.extraction.phrases import Phrases
from bot.answering.forms.extraction.tokens import Answer, answer
from bot.answering.forms.extraction.vocabulary import ends
from bot.answering.grounding.units import CURRENCIES, UNITS
from bot.text.catalogues import closest, cue_words

_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""Dates are only told from numbers: when they are does not matter."""

_LONE = 1
"""How sure a date is that may be any number."""

_LENGTH = "length"
_METRE, _CENTIMETRE = 1_000.0, 10.0
_HUNDRED = 100
_LONGEST_CURRENCY = 3
"""Tokens of the name of a currency: 人民币."""

_SIGNS = {"<": "most", "≤": "most", ">": "least", "≥": "least", "+": "least"}

_COUNTED = frozenset({"weight", "volume", _LENGTH})
"""Units of which an article alone is one: "a kilo"."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A number in a message.

    Attributes:
        value: In the canonical unit; of money, in its currency.
        unit: Canonical unit; empty for a bare number and for money.
        factor: Canonical units in one of the unit that was written.
        currency: ISO 4217 code; empty: none was said.
        bound: `most` or `least` where a sign says so.
        start, end: Its place in the text.
    """

    value: float
    unit: str
    start: int
    end: int
    factor: float = 1.0
    currency: str = ""
    bound: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether it has neither unit nor currency."""
        return not (self.unit or self.currency)


def measured(text: str, language: str) -> list[Measured]:
    """Return the numbers of a normalised text that are no dates and no times of the day.

    >>> [(each.value, each.unit) for each in measured("two kilos, minus 5 degrees, 1m75", "en")]
    [(2000.0, 'weight'), (-5.0, 'degree'), (1750.0, 'length')]
    """
    said = answer(text)
    found = [_measured(said, each, language) for each in _joined(said, numbers(said, language))]
    times = list(_times(said, language)) if found else []
    kept = [
        each
        for each in (*found, *_articles(said, language))
        if each is not None
        and not (each.is_bare and any(s < each.end and each.start < e for s, e in times))
    ]
    return list(_metres(_apart(kept), text))


def unit_of(written: str) -> tuple[str, float]:
    """Return the canonical unit of what stands behind a number, and the factor to it."""
    unit, factor, end = _unit(written, 0)
    return (unit, factor) if end == len(written) else ("", 1.0)


def unit_at(text: str, end: int) -> str:
    """Return the canonical unit behind a place of a text; empty: none."""
    return _unit(text, end)[0]


def _times(said: Answer, language: str) -> Iterator[tuple[int, int]]:
    for clock in clocks(said, language):
        if clock.sure > BARE:
            yield said.place(clock.start, clock.end)
    for day in days(said, _SOME_DAY, language):
        if day.sure > _LONE:
            yield said.place(day.start, day.end)


def _joined(said: Answer, found: Sequence[Number]) -> list[Number]:
    """Return numbers, with thousands that a space sets apart: "20 000"."""
    joined: list[Number] = []
    for each in found:
        before = joined[-1] if joined else None
        written = said.tokens[each.start].folded
        is_group = each.digits and len(written) == 3 and written.startswith("0")
        if before is not None and before.end == each.start and before.digits and is_group:
            value = before.value * 1_000 + each.value
            joined[-1] = replace(before, end=each.end, value=value)
        else:
            joined.append(each)
    return joined


def _measured(said: Answer, number: Number, language: str) -> Measured | None:
    """Return a number with its unit; None for a place in a row, and for "one" as a pronoun."""
    if number.ordinal:
        return None
    start, end = said.place(number.start, number.end)
    value = float(number.value)
    code, last = _currency(said, number, language)
    unit, factor, behind = ("", 1.0, end) if code else _unit(said.text, end)
    first = number.start
    if code:
        first, end = min(first, last[0]), said.place(last[0], last[1])[1]
        start = said.tokens[first].start
    elif not number.digits and number.whole == 1 and unit not in _COUNTED:
        return None
    end = max(end, behind)
    minus = value >= 0 and _minus(said, first, end, language)
    if minus:
        value, start, end = -value, min(start, minus[0]), max(end, minus[1])
    bound = _sign(said, first, end)
    return Measured(value * factor, unit, start, end, factor, code, bound)


def _currency(said: Answer, number: Number, language: str) -> tuple[str, tuple[int, int]]:
    """Return the currency before or behind a number, and the tokens of both."""
    for start in range(number.start - 1, max(number.start - 1 - _LONGEST_CURRENCY, -1), -1):
        code, end = currency_at(said, start, language)
        if code and end == number.start:
            return code, (start, number.end)
    if number.end < len(said.tokens):
        code, end = currency_at(said, number.end, language)
        if code:
            return code, (number.start, end)
    unit, _, behind = _unit(said.text, said.place(number.start, number.end)[1])
    if unit in CURRENCIES:
        last = next((at for at, t in enumerate(said.tokens) if t.end >= behind), number.end)
        return unit.upper(), (number.start, last + 1)
    return "", (number.start, number.end)


def _unit(text: str, end: int) -> tuple[str, float, int]:
    """Return the unit behind a place, its factor, and where it ends."""
    for pattern, name, factor in UNITS:
        if behind := pattern.match(text, end):
            return name, factor, behind.end()
    return "", 1.0, end


def _minus(said: Answer, start: int, end: int, language: str) -> tuple[int, int] | None:
    """Return the place of what makes a number negative: "minus 5", "5 degrees below zero"."""
    for place in range(max(start - 2, 0), start):
        if any(
            each.end == start for each in _words("minus_before", language).at(said.tokens, place)
        ):
            return said.tokens[place].start, end
    behind = next((at for at, each in enumerate(said.tokens) if each.start >= end), None)
    if behind is not None and (found := _words("minus_behind", language).at(said.tokens, behind)):
        return said.tokens[start].start, said.place(behind, found[0].end)[1]
    return None


@lru_cache(maxsize=64)
def _words(name: str, language: str) -> Phrases[str]:
    words = cue_words(name)
    own = words.get(closest(language, words) or "", ())
    return Phrases((each, name) for each in dict.fromkeys((*own, *words["en"])))


def _sign(said: Answer, start: int, end: int) -> str:
    """Return how a sign before or behind a number bounds it."""
    before = said.tokens[start - 1].folded if start else ""
    if before in "<≤>≥" and before:
        return _SIGNS[before]
    return "least" if said.text[end : end + 1] == "+" else ""


def _articles(said: Answer, language: str) -> Iterator[Measured]:
    """Yield units that an article counts: "under a kilo"."""
    for place, token in enumerate(said.tokens):
        end = ends("articles", said, place, language)
        if not end or token.is_number:
            continue
        begin = said.place(place, end)
        unit, factor, behind = _unit(said.text, begin[1])
        if unit in _COUNTED and behind > begin[1] + 2:
            yield Measured(factor, unit, begin[0], behind, factor)


def _apart(found: Sequence[Measured]) -> list[Measured]:
    """Return numbers of which none overlap: the longest, where some do."""
    kept: list[Measured] = []
    for each in sorted(found, key=lambda each: each.start - each.end):
        if not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


def _metres(found: Sequence[Measured], text: str) -> Iterator[Measured]:
    """Yield numbers, with metres and centimetres as one: "1m75", 一米八五."""
    left = list(found)
    while left:
        each = left.pop(0)
        after = left[0] if left else None
        if after is not None and _goes_on(each, after, text):
            left.pop(0)
            metres = each.value if each.unit else each.value * _METRE
            tens = after.value * 10 if after.value < 10 else after.value
            value = metres + tens * _CENTIMETRE
            yield Measured(value, _LENGTH, each.start, after.end, _CENTIMETRE)
        else:
            yield each


def _goes_on(number: Measured, after: Measured, text: str) -> bool:
    """Return whether centimetres stand behind metres without a unit."""
    between = text[number.end : after.start].strip()
    metres = number.unit == _LENGTH and number.factor == _METRE and not between
    metres = metres or (number.is_bare and between == "m")
    return metres and after.is_bare and 0 < after.value < _HUNDRED
