"""Words one slip of the keyboard away from another, and how likely such a slip is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_lowercase

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST = 20
"""Longest word that is looked at: longer ones are no words, or have too many neighbours."""

_ONE = -2.4
"""Decimal logarithm of the probability of one slip that leads to a given word."""

_TWO = -4.6
"""The same of two slips."""

_SWAPPED, _DOUBLED = 0.5, 0.3
"""Added for letters in the wrong order; for a letter written once for twice, or twice for once."""

_MISSING, _OTHER_LETTER, _OTHER_START = 0.2, -0.8, -0.7
"""Added for a letter that is missing; for one in another's place, unless their keys are next to
each other or both are vowels; for a wrong first letter, which is rare."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")


def _near_keys() -> frozenset[tuple[str, str]]:
    places = {
        key: (row, column) for row, keys in enumerate(_ROWS) for column, key in enumerate(keys)
    }
    return frozenset(
        (one, other)
        for one, (row, column) in places.items()
        for other, (row_, column_) in places.items()
        if abs(row - row_) <= 1 and abs(column - column_) <= 1
    )


_NEAR_KEYS = _near_keys()


def neighbours(word: str) -> list[str]:
    """Return all words one slip away from a folded word; each letter may be one of a to z."""
    return list(dict.fromkeys(each for each in _neighbours(word[:LONGEST]) if each != word))


def _neighbours(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in ascii_lowercase:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def near(word: str, words: Sequence[str], slips: int) -> list[str]:
    """Return those of some folded words that are at most so many slips away, but not the word."""
    found = process.extract(
        word[: 2 * LONGEST], words, scorer=OSA.distance, score_cutoff=slips, limit=None
    )
    return [each for each, distance, _ in found if distance]


def likelihood(written: str, meant: str) -> float:
    """Return the decimal logarithm of how likely one folded word is written for another.

    >>> likelihood("retrun", "return") > likelihood("retrun", "retron")
    True
    """
    written, meant = written[: 2 * LONGEST], meant[: 2 * LONGEST]
    slips = OSA.distance(written, meant)
    if slips == 0:
        return 0.0
    found = _ONE if slips == 1 else _TWO - 2.0 * (slips - 2)
    if sorted(written) == sorted(meant):
        return found + _SWAPPED
    if written[:1] != meant[:1]:
        found += _OTHER_START
    if _undoubled(written) == _undoubled(meant):
        return found + _DOUBLED
    if len(written) == len(meant):
        return found + sum(
            _OTHER_LETTER
            for one, other in zip(written, meant, strict=True)
            if one != other and (one, other) not in _NEAR_KEYS and not {one, other} <= _VOWELS
        )
    return found + (_MISSING if len(written) < len(meant) else 0.0)


def _undoubled(word: str) -> str:
    return "".join(each for at, each in enumerate(word) if at == 0 or word[at - 1] != each)
