"""The words that a desk writes: in examples, titles, replies and articles, by language."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from bot.text.word_lists import WordList, folded, word_list
from bot.understanding.language.edits import near
from bot.understanding.language.tags import primary

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
"""A word with its apostrophes."""

_OFTEN = -2.3
"""Decimal logarithm of the highest frequency that a word of the desk counts as."""

_RARELY, _MORE_OFTEN = 2, 4
"""Occurrences of a word that may be misspelled; how many times as often the right one occurs."""


class DeskWords:
    """The words of a desk in one language, with their frequencies; looked up folded.

    Args:
        texts: Of the desk, in that language.
        others: Everybody's words in that language. A word that is rare here, missing there, and one
            slip away from a frequent one, is taken for misspelled: examples have such words.
    """

    def __init__(self, texts: Iterable[str], others: WordList | None = None) -> None:
        counted: Counter[str] = Counter()
        spelled: dict[str, Counter[str]] = {}
        for text in texts:
            for word in WORD.findall(text.replace("’", "'")):
                key = folded(word)
                counted[key] += 1
                spelled.setdefault(key, Counter())[word.lower()] += 1
        if others is not None:
            for word in list(_misspelled(counted, others)):
                del counted[word]
        total = max(sum(counted.values()), 1)
        self._frequencies = {
            word: min(math.log10(count / total), _OFTEN) for word, count in counted.items()
        }
        self._spelled = {word: each.most_common(1)[0][0] for word, each in spelled.items()}

    def __len__(self) -> int:
        return len(self._frequencies)

    def __contains__(self, key: str) -> bool:
        """Return whether a folded word is the desk's."""
        return key in self._frequencies

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words, folded."""
        return tuple(self._frequencies)

    def frequency(self, word: str) -> float | None:
        """Return the decimal logarithm of a word's frequency; None if the desk lacks it."""
        return self._frequencies.get(folded(word))

    def spelled(self, word: str) -> str:
        """Return a folded word of the desk as the desk spells it, in small letters."""
        return self._spelled[word]


def _misspelled(counted: Counter[str], others: WordList) -> Iterator[str]:
    frequent = [word for word, count in counted.items() if count >= _MORE_OFTEN and len(word) > 2]
    for word, count in counted.items():
        unknown = count <= _RARELY and len(word) > 3 and others.frequency(word) is None
        if unknown and any(
            counted[each] >= _MORE_OFTEN * count for each in near(word, frequent, 1)
        ):
            yield word


def desk_words(texts: Iterable[tuple[str, str]]) -> dict[str, DeskWords]:
    """Return the words of a desk by language.

    Args:
        texts: BCP 47 tag and text.

    >>> desk_words([("en", "Where is my order?")])["en"].frequency("Order") is not None
    True
    """
    return dict(_counted(tuple(texts)))


@lru_cache(maxsize=2)
def _counted(texts: tuple[tuple[str, str], ...]) -> Mapping[str, DeskWords]:
    """Return the words by language; counted once for services that are opened one by one."""
    by_language: dict[str, list[str]] = {}
    for tag, text in texts:
        by_language.setdefault(primary(tag), []).append(text)
    return {
        language: DeskWords(each, word_list(language)) for language, each in by_language.items()
    }
