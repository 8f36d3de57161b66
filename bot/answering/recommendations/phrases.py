"""Cuts a request for products into names, numbers and the words around them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.recommendations.lexicon import Lexicon
from bot.answering.recommendations.meanings import Item
from bot.answering.recommendations.measured import Measured, measured
from bot.understanding.language.normalise import normalise
from bot.understanding.language.segments import segments
from bot.understanding.language.words import Word, words

MOST_WORDS = 120
"""Words of a message that are read; a character of Chinese is a word."""

_SPACED = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff0-9A-Za-z])")
"""Spaces that stand for commas in Chinese."""

_AGE = "month"
"""Canonical unit of ages."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name, a number, or a word without a meaning.

    Attributes:
        item: None for a number.
        number: None for words.
        segment: Number of the segment between marks that it stands in.
        raw: As it was written.
        start: Where, in the normalised message.
    """

    segment: int
    raw: str
    item: Item | None = None
    number: Measured | None = None
    start: int = 0


@dataclass(frozen=True, slots=True)
class Phrases:
    """A message in phrases.

    Attributes:
        text: The message, normalised, to which positions refer.
    """

    text: str
    phrases: tuple[Phrase, ...]


def cut(text: str, lexicon: Lexicon) -> Phrases:
    """Return the phrases of a message, in their order."""
    plain = _SPACED.sub("，", normalise(text))
    found = words(plain)[:MOST_WORDS]
    names = list(_numbers_in_names(found, lexicon))
    numbers = [
        each
        for each in measured(plain, lexicon.language)
        if each.unit != _AGE and not any(each.start <= at < each.end for at in names)
    ]
    ends = [each.end for each in segments(plain)]
    phrases: list[Phrase] = []
    run: list[Word] = []
    segment = 0
    for word in [*found, None]:
        here = segment if word is None else bisect_right(ends, word.start)
        inside = word is not None and _number_at(numbers, word)
        if (word is None or inside or here != segment) and run:
            phrases += _named(plain, run, lexicon, segment)
            run = []
        segment = here
        if word is None:
            break
        if inside:
            phrases += _numbers(plain, numbers, word, segment, phrases)
        else:
            run.append(word)
    return Phrases(plain, tuple(phrases))


def _numbers_in_names(found: Sequence[Word], lexicon: Lexicon) -> Iterator[int]:
    """Yield where numbers stand that are part of a name: "the Rill 2", "3-season"."""
    for item in lexicon.items(found):
        if item.end - item.start > 1 and (item.of("name") or item.of("value")):
            for word in found[item.start : item.end]:
                yield word.start


def _named(text: str, run: Sequence[Word], lexicon: Lexicon, segment: int) -> Iterator[Phrase]:
    for item in lexicon.items(run):
        start = run[item.start].start
        yield Phrase(segment, text[start : run[item.end - 1].end], item, start=start)


def _number_at(numbers: Sequence[Measured], word: Word) -> bool:
    return any(each.start <= word.start < each.end for each in numbers)


def _numbers(
    text: str, numbers: Sequence[Measured], word: Word, segment: int, so_far: Sequence[Phrase]
) -> Iterator[Phrase]:
    """Yield the number that a word belongs to, unless another of its words brought it."""
    number = next(each for each in numbers if each.start <= word.start < each.end)
    if not (so_far and so_far[-1].number == number):
        raw = text[number.start : number.end]
        yield Phrase(segment, raw, number=number, start=number.start)
