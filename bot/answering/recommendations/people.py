"""For how many people something is: "2 adults and a baby", "me and my wife"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.forms.extraction.groups import Counted, counted, told_total, total
from bot.answering.forms.extraction.numbers import Number, numbers
from bot.answering.forms.extraction.tokens import Answer, answer
from bot.answering.forms.extraction.vocabulary import ends, numbered, value_words
from bot.answering.recommendations.measured import Measured, unit_at
from bot.text.catalogues import closest, cue_words

PEOPLE = 12
"""Most people that something is for."""

_AGE = "month"


@dataclass(frozen=True, slots=True)
class Party:
    """How many people something is for.

    Attributes:
        start, end: Its place in the text.
    """

    count: int
    start: int
    end: int

    def has(self, number: Measured) -> bool:
        """Return whether a number of the same text is part of it."""
        return self.start <= number.start < self.end


def party(text: str, language: str) -> Party | None:
    """Return how many people a normalised text counts; None where that is nobody or one alone.

    >>> [p and p.count for p in (party(t, "en") for t in ("me and my wife", "2 adults and a baby"))]
    [2, 3]
    """
    said = answer(text)
    found = [each for each in numbers(said, language) if not each.ordinal]
    aged = [each for each in found if _is_age(said, each)]
    counts = (*value_words("people", language), *_also(language))
    whole = [each for each in found if each not in aged and each.value == each.whole]
    everything = counted(said, whole, counts, language)
    parts = [e for e in everything if e.own or e.single or _is_plus(said, e, language)]
    parts += [Counted(each.start, each.end, each.value * 0 + 1, single=True) for each in aged]
    parts.sort(key=lambda each: each.start)
    if (told := told_total(said, parts, language)) is not None:
        return _party(said, told)
    rows = [each for each in _rows(said, parts, language) if each.value <= PEOPLE]
    rows = [each for each in rows if each.value > 1 or _is_one(said, each, language)]
    sure = [row for row in rows if _has_number(row, parts)]
    best = max(sure or rows, key=lambda each: each.value, default=None)
    return _party(said, best) if best is not None else None


def _is_plus(said: Answer, part: Counted, language: str) -> bool:
    """Return whether a number alone stands behind "plus": "me plus one"."""
    behind = said.tokens[part.end] if part.end < len(said.tokens) else None
    plus = bool(part.start) and ends("plus", said, part.start - 1, language) == part.start
    return plus and part.end == part.start + 1 and (behind is None or not behind.is_word)


def _party(said: Answer, row: Counted) -> Party:
    return Party(int(row.value), *said.place(row.start, row.end))


def _rows(said: Answer, parts: Sequence[Counted], language: str) -> list[Counted]:
    rows, left = [], list(parts)
    while left and (row := total(said, left, language)):
        rows.append(row)
        left = [each for each in left if each.start >= row.end]
    return rows


def _is_one(said: Answer, row: Counted, language: str) -> bool:
    """Return whether one person is counted, which "a person" or "my wife" does not."""
    persons = numbered("persons", language)
    said_so = any(persons.at(said.tokens, place) for place in range(row.start, row.end))
    return row.own and (said_so or not ends("articles", said, row.start, language))


def _has_number(row: Counted, parts: Sequence[Counted]) -> bool:
    return any(not e.single for e in parts if row.start <= e.start < row.end)


def _is_age(said: Answer, number: Number) -> bool:
    """Return whether a number counts the years of somebody: "a 5 year old"."""
    end = said.place(number.start, number.end)[1]
    return unit_at(said.text, end) == _AGE


def _also(language: str) -> tuple[str, ...]:
    """Return what else counts people in a language where nothing else is counted."""
    words = cue_words("wish_people")
    return words.get(closest(language, words) or "", ())
