"""Months and weekdays in an answer, by the names that the CLDR has, and some more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bot.answering.forms.extraction.phrases import Phrases
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import locale, value_words

_SHORTEST = 2
"""Characters of a name; the CLDR's narrow ones are single letters."""


@cache
def months(language: str) -> Phrases[int]:
    """Return the names of months with their numbers."""
    return Phrases([*_named(language, "months"), *_further("months", language)])


@cache
def weekdays(language: str) -> Phrases[int]:
    """Return the names of weekdays; Monday is 0."""
    further = ((word, number - 1) for word, number in _further("weekdays", language))
    return Phrases([*_named(language, "days"), *further])


def _named(language: str, kind: str) -> Iterator[tuple[str, int]]:
    names = getattr(locale(language), kind)
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in names[context][width].items():
                if len(name.strip(".")) >= _SHORTEST:
                    yield name, number


def _further(name: str, language: str) -> Iterator[tuple[str, int]]:
    for line in value_words(name, language):
        number, _, word = line.partition(" ")
        yield word, int(number)


def month_at(said: Answer, start: int, language: str) -> tuple[int, int]:
    """Return the month that begins at a token, and where it ends; 0 and 0: none."""
    return _at(months(language), said, start)


def weekday_at(said: Answer, start: int, language: str) -> tuple[int, int]:
    """Return the weekday that begins at a token, and where it ends; 0 and 0: none."""
    return _at(weekdays(language), said, start)


def _at(names: Phrases[int], said: Answer, start: int) -> tuple[int, int]:
    if start >= len(said.tokens):
        return 0, 0
    found = names.at(said.tokens, start)
    if not found:
        return 0, 0
    end = found[0].end
    dotted = end < len(said.tokens) and said.tokens[end].folded == "." and said.tokens[end].glued
    return found[0].meaning, end + 1 if dotted and end + 1 < len(said.tokens) else end
