"""What the words of a text say about its language: how frequent they are in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.text.word_lists import Hashes, WordList, folded, hashed, word_list
from bot.understanding.language.desk_words import WORD, DeskWords
from bot.understanding.language.edits import LONGEST, near, neighbours

MOST_WORDS = 20
"""Words that are looked at: the first ones."""

_ABSENT = -6.2
"""Decimal logarithm of the frequency that a word counts as in a language whose list lacks it."""

_FREQUENT = -2.5
"""The highest that it counts as: no single word decides."""

_RARE = -5.2
"""Frequency below which a word may as well be another one, misspelled."""

_SLIP = -2.5
"""Decimal logarithm of the probability of a slip."""

_LONG_ENOUGH = 4
"""Minimum number of letters of a word that may be misspelled."""

_MISSPELLED = 4
"""Words of a text that are looked up as misspelled: the first ones."""


class WordEvidence:
    """Compares languages by the words of a text.

    Args:
        languages: ISO 639-1 codes; those without a list are left out.
        desk: The words of the desk, by language. Those that no list has, such as names of
            products, say nothing about the language.
    """

    def __init__(
        self, languages: Sequence[str], desk: Mapping[str, DeskWords] | None = None
    ) -> None:
        found = ((language, word_list(language)) for language in languages)
        self._lists: dict[str, WordList] = {tag: words for tag, words in found if words is not None}
        self._desk = {tag: words for tag, words in (desk or {}).items() if tag in self._lists}

    @property
    def languages(self) -> Sequence[str]:
        """The languages that are compared."""
        return tuple(self._lists)

    def of(self, text: str) -> Mapping[str, float]:
        """Return how probable the words of a text are in each language, as decimal logarithms.

        The values mean something relative to each other only.
        """
        total = dict.fromkeys(self._lists, 0.0)
        misspelled = _MISSPELLED
        for word in WORD.findall(text)[:MOST_WORDS]:
            key = folded(word)
            if not 1 < len(key) <= LONGEST:
                continue
            frequencies = self._frequencies(hashed([key]))
            if self._is_of_the_desk(key, frequencies):
                continue
            if misspelled and _is_rare(key, frequencies):
                misspelled -= 1
                for tag, frequency in self._frequencies(hashed(neighbours(key))).items():
                    frequencies[tag] = max(frequencies.get(tag, _ABSENT), frequency + _SLIP)
                for tag, frequency in self._near_the_desk(key):
                    frequencies[tag] = max(frequencies.get(tag, _ABSENT), frequency + _SLIP)
            for tag in total:
                total[tag] += min(max(frequencies.get(tag, _ABSENT), _ABSENT), _FREQUENT)
        return total

    def known(self, text: str, language: str) -> float:
        """Return the share of words that a language surely has; 1 without words.

        Args:
            text: A normalised text.
            language: ISO 639-1 code; a language without a list has all words.
        """
        keys = [folded(word) for word in WORD.findall(text)[:MOST_WORDS]]
        words, desk = self._lists.get(language), self._desk.get(language)
        if words is None or not keys:
            return 1.0
        there = [
            (words.frequency(key) or _ABSENT) >= _RARE
            or (desk is not None and (key in desk or bool(near(key, desk.words, 1))))
            for key in keys
        ]
        return sum(there) / len(there)

    def anywhere(self, text: str) -> float:
        """Return the share of words that some list or the desk has; 1 without words."""
        keys = [folded(word) for word in WORD.findall(text)[:MOST_WORDS]]
        there = [
            any(key in desk for desk in self._desk.values())
            or bool(self._frequencies(hashed([key])))
            for key in keys
        ]
        return sum(there) / len(there) if there else 1.0

    def _frequencies(self, words: Hashes) -> dict[str, float]:
        """Return the frequency of the most frequent of some words, where a list has one."""
        found = ((tag, words_.highest(words)) for tag, words_ in self._lists.items())
        return {tag: frequency for tag, frequency in found if frequency is not None}

    def _near_the_desk(self, key: str) -> Iterator[tuple[str, float]]:
        for tag, desk in self._desk.items():
            for each in near(key, desk.words, 1):
                yield tag, desk.frequency(each) or _ABSENT

    def _is_of_the_desk(self, key: str, frequencies: dict[str, float]) -> bool:
        """Count a word of the desk for its language; return whether it is a name instead."""
        for tag, desk in self._desk.items():
            frequency = desk.frequency(key)
            if frequency is None:
                continue
            if not frequencies:
                return True
            frequencies[tag] = max(frequencies.get(tag, _ABSENT), frequency)
        return False


def _is_rare(key: str, frequencies: Mapping[str, float]) -> bool:
    return len(key) >= _LONG_ENOUGH and max(frequencies.values(), default=_ABSENT) < _RARE
