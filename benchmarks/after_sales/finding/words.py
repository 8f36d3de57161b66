"""Words of customers, as the shop compares them with its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.understanding.language.normalise import normalise
from bot.understanding.language.words import Vocabulary, folded
from bot.yamlfile import plain as plain_node
from bot.yamlfile import read

VOCABULARY = Path(__file__).parents[1] / "vocabulary.yaml"

_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+|[^\w\s]")
_APOSTROPHE = re.compile(r"[’'](?=\w)")
"""Inside of "don't" and "I'd"."""


_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNITS: Mapping[str, str] = {
    **{each: each for each in ("gb", "tb", "inch", "bar", "hour", "cup", "piece")},
    "gig": "gb",
    "gigabyte": "gb",
    "terabyte": "tb",
}
"""Words before which a spelt digit is a number, and not a word as in "the one"."""
_SCALES: Mapping[str, int] = {"hundred": 100, "thousand": 1000}


@dataclass(frozen=True, slots=True)
class Span:
    """Where a phrase stands in a text: its first word, and the one after its last."""

    start: int
    end: int
    meaning: str


@cache
def vocabulary() -> Mapping[str, Any]:
    """Return the words of the shop."""
    root = read(VOCABULARY).root
    content = None if root is None else plain_node(root)
    if not isinstance(content, dict):
        raise FileNotFoundError(VOCABULARY)
    return content


def words_of(text: str) -> tuple[str, ...]:
    """Return the words, numbers and marks of a text, folded, plurals as singulars.

    >>> words_of("Both T-shirts, 10x zoom")
    ('both', 't', 'shirt', ',', '10', 'x', 'zoom')
    >>> words_of("thirty two gigs, eight inch")
    ('32', 'gb', ',', '8', 'inch')
    """
    said = _TOKEN.findall(_APOSTROPHE.sub("", normalise(text)).replace("-", " "))
    return tuple(_numbered([_singular(folded(each)) for each in said]))


def _numbered(words: Sequence[str]) -> Iterator[str]:
    """Yield words with "a thousand", "five hundred", "thirty two" and "eight inch" as digits."""
    for place, word in enumerate(words):
        scale = _SCALES.get(word)
        following = words[place + 1] if place + 1 < len(words) else ""
        if word in _TENS:
            yield str(10 * (_TENS.index(word) + 2) + _ones(following))
            continue
        if word in _ONES and place and words[place - 1] in _TENS and _ones(word):
            continue
        if word in _TEENS or (word in _ONES and following in _UNITS):
            yield str((*_ONES, *_TEENS).index(word))
            continue
        if scale:
            before = words[place - 1] if place else ""
            yield str(scale * (_ONES.index(before) if before in _ONES else 1))
        elif not (following in _SCALES and (word in _ONES or word == "a")):
            yield _UNITS.get(word, word)


def _ones(word: str) -> int:
    return _ONES.index(word) if word in _ONES else 0


def _singular(word: str) -> str:
    if word == "stays":  # of one thing; "stay" is of several
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def spans(
    words: Sequence[str], phrases: Mapping[str, Iterable[str]], *, typos: bool = False
) -> Iterator[Span]:
    """Yield the longest phrases in a text, from the left; the same one may mean several things.

    Args:
        words: Of the text.
        phrases: By what they mean.
        typos: Words may be misspelt.
    """
    known: dict[tuple[str, ...], list[str]] = {}
    for meaning, said in phrases.items():
        for phrase in said:
            known.setdefault(words_of(phrase), []).append(meaning)
    if typos:
        words = _corrected(words, {word for each in known for word in each})
    longest = max(map(len, known), default=0)
    start = 0
    while start < len(words):
        ends = range(min(len(words), start + longest), start, -1)
        end = next((end for end in ends if tuple(words[start:end]) in known), 0)
        for meaning in known.get(tuple(words[start:end]), ()) if end else ():
            yield Span(start, end, meaning)
        start = end or start + 1


def _corrected(words: Sequence[str], known: set[str]) -> Sequence[str]:
    """Return words with those put right that are a slip away from a long known one."""
    meant = Vocabulary({each for each in known if len(each) > 4})
    spelt = known | _spelt()
    found = []
    for word in words:
        close = meant.meant(word, lambda _: False) if word not in spelt and len(word) > 4 else {}
        found.append(next(iter(close), word))
    return found


@cache
def _spelt() -> frozenset[str]:
    """Return all words of the shop's vocabulary, which are no misspellings of others."""
    return frozenset(word for text in _texts(vocabulary()) for word in words_of(text))


def _texts(content: Any) -> Iterator[str]:  # noqa: ANN401 - what YAML holds
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for key, each in content.items():
            yield key
            yield from _texts(each)
    else:
        for each in content:
            yield from _texts(each)


def holds(words: Sequence[str], *phrases: str) -> bool:
    """Return whether a text has one of some phrases."""
    return any(True for _ in spans(words, {"": phrases}))


def number_in(words: Sequence[str]) -> str:
    """Return the longest run of digits in a text, spelt digits as well.

    >>> number_in(words_of("order nine five zero two one two six"))
    '9502126'
    """
    best = run = ""
    for word in words:
        digit = str(_ONES.index(word)) if word in _ONES else word if word.isdecimal() else ""
        run = run + digit if digit else ""
        best = max(best, run, key=len)
    return best
