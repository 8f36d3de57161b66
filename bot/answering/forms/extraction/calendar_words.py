"""Months and weekdays in an answer, by the names that the CLDR has, and some more."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from bot.answering.forms.extraction.phrases import Phrases
from bot.answering.forms.extraction.tokens import Answer, answer
from bot.answering.forms.extraction.vocabulary import locale, value_words
from bot.text.word_lists import word_list

_COMMON = -4.5
"""Decimal logarithm of the frequency of an ordinary word."""

_UNKNOWN = -6.0
"""The same of a word that may be misspelt."""

_LONG = 6
_FEW_WORDS, _ABBREVIATED = 2, 3
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
    weekday, end = _at(weekdays(language), said, start)
    short = end and len(said.written(start, end)) <= _ABBREVIATED
    return (0, 0) if short and is_common(said, start, end, language) else (weekday, end)


def is_common(said: Answer, start: int, end: int, language: str) -> bool:
    """Return whether a name is an ordinary word as well, "may", "so", and stands in a sentence."""
    token = said.tokens[start]
    if end != start + 1 or sum(each.is_word for each in said.tokens) <= _FEW_WORDS:
        return False
    if said.text[token.start].isupper() and (start or len(token.folded) > _ABBREVIATED):
        return False
    words = word_list(language.partition("-")[0])
    frequency = None if words is None else words.frequency(token.folded)
    return frequency is not None and frequency > _COMMON


@lru_cache(maxsize=4096)
def _misspelt(names: Phrases[int], word: str) -> int | None:
    """Return what a long word means that is none of English and one of these, misspelt."""
    if len(word) < _LONG:
        return None
    words = word_list("en")
    if words is not None and (words.frequency(word) or _UNKNOWN) > _UNKNOWN:
        return None
    found = {each.meaning for each in names.all(answer(word).tokens, lambda _: False)}
    return found.pop() if len(found) == 1 else None


def _at(names: Phrases[int], said: Answer, start: int) -> tuple[int, int]:
    if start >= len(said.tokens):
        return 0, 0
    found = names.at(said.tokens, start)
    if not found:
        near = _misspelt(names, said.tokens[start].folded)
        return (near, start + 1) if near is not None else (0, 0)
    end = found[0].end
    dotted = end < len(said.tokens) and said.tokens[end].folded == "." and said.tokens[end].glued
    return found[0].meaning, end + 1 if dotted and end + 1 < len(said.tokens) else end
