"""A time of day, and the part of the day that is said beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import begins, ends

DAY = 24 * 60
"""Minutes of a day."""

_HALF_DAY, _SIXTY = 12, 60
_NIGHT_ENDS = 6

PARTS = ("am", "pm", "at_night")
"""Names of the words for a part of the day."""

BARE, AFTER_AT, WRITTEN = 1, 2, 3
"""How surely a number is a time: it stands alone, behind "at", or is written as one."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in an answer.

    Attributes:
        start, end: Its tokens.
        minute: Of the day, or of half a day.
        exact: It says which half of the day.
        sure: `BARE`, `AFTER_AT` or `WRITTEN`.
    """

    start: int
    end: int
    minute: int
    exact: bool
    sure: int

    @property
    def minutes(self) -> tuple[int, ...]:
        """The minutes of the day that it may stand for."""
        if self.exact:
            return (self.minute,)
        return self.minute, (self.minute + DAY // 2) % DAY


def with_part(said: Answer, clock: Clock, language: str) -> Clock:
    """Return a time with the part of the day right behind it or before it."""
    place = clock.end
    if place < len(said.tokens) and said.tokens[place].folded == ",":
        place += 1
    for name in PARTS:
        if end := ends(name, said, place, language):
            return replace(in_part(clock, name), end=end)
    if place < len(said.tokens) and (end := meridiem(said, place)):
        return replace(in_part(clock, said.tokens[place].folded[0] + "m"), end=end)
    for name in PARTS:
        start = begins((name,), said, clock.start, language)
        if start >= 0:
            return replace(in_part(clock, name), start=start)
    return clock


def meridiem(said: Answer, place: int) -> int:
    """Return where "pm" or "p.m." ends, which is understood in every language; 0: no such."""
    tokens = said.tokens
    if tokens[place].folded not in {"am", "pm", "a", "p"}:
        return 0
    if tokens[place].folded in {"am", "pm"}:
        return place + 1 if tokens[place].glued or tokens[place].folded == "pm" else 0
    marks = [token.folded for token in tokens[place + 1 : place + 3]]
    return place + 3 if marks == [".", "m"] else 0


def in_part(clock: Clock, part: str) -> Clock:
    """Return a time in a part of the day; hours from 13 on are left as they are."""
    hour, minute = divmod(clock.minute, _SIXTY)
    if part == "am":
        hour = hour % _HALF_DAY if hour == _HALF_DAY else hour
    elif part == "pm":
        hour = hour + _HALF_DAY if hour < _HALF_DAY else hour
    elif hour == _HALF_DAY:
        hour = 0
    elif _NIGHT_ENDS <= hour < _HALF_DAY:
        hour += _HALF_DAY
    return replace(clock, minute=hour * _SIXTY + minute, exact=True, sure=WRITTEN)
