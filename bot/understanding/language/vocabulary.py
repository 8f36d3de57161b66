"""The words that are expected in one language: how probable each is, and what a slip made of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.text.word_lists import WordList, folded
from bot.understanding.language.desk_words import DeskWords
from bot.understanding.language.edits import LONGEST, likelihood, near, neighbours

KNOWN = -5.0
"""Decimal logarithm of the frequency from which a word is known, and left alone."""

_UNKNOWN = {3: -6.4, 4: -6.8, 5: -7.4}
_UNKNOWN_LONG = -8.3
"""The same that an unknown word counts as, by its length: short ones are often abbreviations."""

_TWO_SLIPS = 6
"""Minimum number of letters of a word with two slips."""

_GLUED = -2.5
"""Decimal logarithm of the probability that a space is missing."""

_SPLIT = -1.5
"""The same that there is one too many."""

_PART = 3
"""Minimum number of letters on both sides of a missing space."""

_OFTEN = -4.5
"""Minimum frequency of a word that is not the desk's, next to a missing space."""

Candidate = tuple[str, float]
"""A word as it is spelled, and the decimal logarithm of its probability."""


class LanguageVocabulary:
    """Words of the desk and of everybody, in one language.

    Args:
        desk: The desk's.
        words: Everybody's; None if there is no list.
        names: Folded words that are known in any language, such as names of products.
    """

    def __init__(self, desk: DeskWords, words: WordList | None, names: Collection[str]) -> None:
        self._desk = desk
        self._words = words
        self._names = names

    def frequency(self, key: str) -> float:
        """Return the decimal logarithm of a folded word's frequency, also if it is unknown."""
        found = self._found(key)
        if key in self._names:
            return max(found or KNOWN, KNOWN)
        return _UNKNOWN.get(len(key), _UNKNOWN_LONG) if found is None else found

    def meant(self, key: str) -> Iterator[Candidate]:
        """Yield what may be meant by a folded word that is not known; two words for one, too."""
        if not 2 < len(key) <= LONGEST:
            return
        for each in near(key, self._desk.words, 2 if len(key) >= _TWO_SLIPS else 1):
            if len(each) > 1:
                yield self._desk.spelled(each), self.frequency(each) + likelihood(key, each)
        for word, frequency in self._words.among(neighbours(key)) if self._words else ():
            yield word, frequency + likelihood(key, folded(word))
        yield from self._parts(key)

    def accented(self, key: str) -> str:
        """Return a folded word as it is spelled, with its diacritics; itself if it is unknown."""
        if key in self._desk:
            return self._desk.spelled(key)
        found = self._words.among([key]) if self._words else []
        return found[0][0] if found else key

    def with_apostrophe(self, key: str) -> Iterator[Candidate]:
        """Yield a folded word with the apostrophe that it may lack: `dont`, `isnt`."""
        if "'" in key:
            return
        spelled = [f"{key[:at]}'{key[at:]}" for at in range(1, len(key))]
        yield from self._words.among(spelled) if self._words else ()
        for each in spelled:
            if (frequency := self._desk.frequency(each)) is not None:
                yield self._desk.spelled(each), frequency

    def joined(self, first: str, second: str) -> str:
        """Return the word of the desk that two folded words are without a space; else nothing."""
        together = self._desk.frequency(first + second)
        if together is None or len(first + second) < 2 * _PART:
            return ""
        apart = self.frequency(first) + self.frequency(second)
        return self._desk.spelled(first + second) if together + _SPLIT > apart else ""

    def _parts(self, key: str) -> Iterator[Candidate]:
        """Yield two words for one: at least one the desk's; at most one with a slip."""
        for at in range(_PART, len(key) - _PART + 1):
            left, right = key[:at], key[at:]
            if self._desk.frequency(left) is not None:
                for word, score in self._half(right):
                    yield f"{self._desk.spelled(left)} {word}", score + _GLUED
            elif self._desk.frequency(right) is not None:
                for word, score in self._half(left):
                    yield f"{word} {self._desk.spelled(right)}", score + _GLUED

    def _half(self, key: str) -> Iterator[Candidate]:
        found = self._found(key)
        if found is not None and (found > _OFTEN or self._desk.frequency(key) is not None):
            yield key, found
        elif len(key) > _PART:
            for each in near(key, self._desk.words, 1):
                if len(each) > _PART:
                    yield self._desk.spelled(each), self.frequency(each) + likelihood(key, each)

    def _found(self, key: str) -> float | None:
        there = (self._desk.frequency(key), self._words.frequency(key) if self._words else None)
        return max((each for each in there if each is not None), default=None)
