"""Spans of time in an answer: three nights, a week, an hour and a half, 两天."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.answering.forms.extraction.numbers import number_at
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import ends

UNITS = ("minute", "hour", "day", "night", "fortnight", "week", "weekend", "month", "year")
MINUTES = {"minute": 1, "hour": 60, "day": 1440, "night": 1440, "week": 10_080}
_DAYS = {"fortnight": (14, "day"), "weekend": (2, "day")}


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time in an answer.

    Attributes:
        start, end: Its tokens.
        amount: Of units: days, weeks, months, years, hours or minutes.
        unit: One of `minute`, `hour`, `day`, `night`, `week`, `month`, `year`.
    """

    start: int
    end: int
    amount: Decimal
    unit: str

    @property
    def iso(self) -> str:
        """ISO 8601: `P3D`, `PT90M`."""
        if self.unit in MINUTES:
            minutes = int(self.amount * MINUTES[self.unit])
            if self.unit in {"week", "day", "night"} and minutes % MINUTES["day"] == 0:
                return f"P{minutes // MINUTES['day']}D"
            return f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"
        months = int(self.amount * (12 if self.unit == "year" else 1))
        return f"P{months // 12}Y" if months % 12 == 0 else f"P{months}M"

    @property
    def days(self) -> float:
        """Its length in days; a month counts 30, a year 365."""
        if self.unit in MINUTES:
            return float(self.amount) * MINUTES[self.unit] / MINUTES["day"]
        return float(self.amount) * (365 if self.unit == "year" else 30)


def spans(said: Answer, language: str) -> list[Span]:
    """Return the spans of an answer, from the left."""
    return list(_spans(said, language))


def _spans(said: Answer, language: str) -> Iterator[Span]:
    place = 0
    while place < len(said.tokens):
        found = span_at(said, place, language)
        if found is None:
            place += 1
        else:
            yield found
            place = found.end


def span_at(said: Answer, start: int, language: str) -> Span | None:
    """Return the span that begins at a token: an amount and its unit."""
    if end := ends("one_and_a_half", said, start, language):
        return _of(said, start, end, Decimal("1.5"), language)
    end = ends("half", said, start, language)
    if end and (half := _of(said, start, end, Decimal("0.5"), language)):
        return half
    number, end = number_at(said, start, language)
    if number is not None and not number.ordinal and number.value >= 0:
        found = _counted(said, start, number.end, number.value, language)
        if found is not None:
            return _and_more(said, found, language)
    if end := ends("articles", said, start, language):
        return _counted(said, start, end, Decimal(1), language)
    return _alone(said, start, language)


def _counted(said: Answer, start: int, end: int, amount: Decimal, language: str) -> Span | None:
    half = ends("and_a_half", said, end, language)
    found = _of(said, start, half, amount + Decimal("0.5"), language) if half else None
    if found is not None:
        return found
    found = _of(said, start, end, amount, language)
    if found is None or found.end >= len(said.tokens):
        return found
    half = ends("and_a_half", said, found.end, language)
    if half and found.amount == amount:
        return Span(start, half, amount + Decimal("0.5"), found.unit)
    return found


def _of(said: Answer, start: int, end: int, amount: Decimal, language: str) -> Span | None:
    """Return the span of an amount of the unit at a token, and of none where there is no unit."""
    if end < len(said.tokens) and said.tokens[end].folded == "-":
        end += 1
    for name in UNITS:
        after = ends(name, said, end, language) if end < len(said.tokens) else 0
        if after:
            times, unit = _DAYS.get(name, (1, name))
            if name == "week" and _is_weekend(said, end, language):
                continue
            return Span(start, after, amount * times, unit)
    return None


def _is_weekend(said: Answer, start: int, language: str) -> bool:
    return ends("weekend", said, start, language) > ends("week", said, start, language)


def _and_more(said: Answer, found: Span, language: str) -> Span:
    """Return a span with the smaller one that follows it: "1 hour 30 minutes"."""
    place = found.end
    if place < len(said.tokens) and (after := ends("ands", said, place, language)):
        place = after
    number, end = number_at(said, place, language) if place < len(said.tokens) else (None, 0)
    more = None if number is None else _of(said, place, end, number.value, language)
    if more is None or found.unit not in MINUTES or more.unit not in MINUTES:
        return found
    if MINUTES[more.unit] >= MINUTES[found.unit]:
        return found
    minutes = found.amount * MINUTES[found.unit] + more.amount * MINUTES[more.unit]
    return Span(found.start, more.end, minutes, "minute")


def _alone(said: Answer, start: int, language: str) -> Span | None:
    """Return a span that is counted by its word alone: a fortnight."""
    end = ends("fortnight", said, start, language)
    return Span(start, end, Decimal(14), "day") if end else None
