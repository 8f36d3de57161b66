"""Word frequencies of languages, in little memory: which words a language has, and how common.

Source: the small lists of wordfreq 3.1 (every word that is at least one in a million), Speer 2022,
doi:10.5281/zenodo.7199437. Its files are read by path: importing the package takes 16 MB.
"""

from __future__ import annotations

import gzip
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import msgpack
import numpy as np
from numpy.typing import NDArray

_RAREST = 560
"""Hundredths of a decade below 1 of the rarest words that are read: half of a list is rarer."""

_SPELLED_OTHERWISE = {"ł": "l", "ı": "i", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae"}


def folded(word: str) -> str:
    """Return a word in small letters without diacritics, as people type it in a hurry.

    >>> folded("Größe"), folded("Zwrócić"), folded("değişim")
    ('grosse', 'zwrocic', 'degisim')
    """
    lower = word.lower()
    if lower.isascii():
        return lower
    for letter, plain in _SPELLED_OTHERWISE.items():
        lower = lower.replace(letter, plain)
    parts = unicodedata.normalize("NFD", lower)
    for mark in filter(unicodedata.combining, set(parts)):
        parts = parts.replace(mark, "")
    return parts


def _folded(words: Sequence[str]) -> list[str]:
    """Return many words folded, all at once: one by one, a start of the program waits for it."""
    return folded("\n".join(words)).split("\n")


Hashes = NDArray[np.int64]
"""Hashes of folded words, shape (n_words,)."""


def hashed(words: Sequence[str]) -> Hashes:
    """Return the hashes of folded words; they are the same within one process."""
    return np.fromiter(map(hash, words), dtype=np.int64, count=len(words))


class WordList:
    """The words of one language with their frequencies; words are looked up folded.

    Args:
        words: Each word with the decimal logarithm of its frequency, the most frequent first.
    """

    def __init__(self, words: Iterable[tuple[str, float]]) -> None:
        entries = list(words)
        best: dict[str, int] = {}
        for row, word in enumerate(_folded([word for word, _ in entries]) if entries else ()):
            best.setdefault(word, row)
        # Hashes and one long text: a dictionary of the same words takes ten times the memory.
        hashes = hashed(list(best))
        order = np.argsort(hashes)
        rows = np.fromiter(best.values(), dtype=np.int64, count=len(best))[order].tolist()
        spelled = [entries[row][0].encode() for row in rows]
        self._hashes: Hashes = hashes[order]
        self._frequencies = np.array([entries[row][1] for row in rows], dtype=np.float16)
        self._ends = np.cumsum([len(word) for word in spelled], dtype=np.uint32)
        self._text = b"".join(spelled)

    def frequency(self, word: str) -> float | None:
        """Return the decimal logarithm of a word's frequency; None if the list lacks it."""
        return self.highest(hashed([folded(word)]))

    def highest(self, words: Hashes) -> float | None:
        """Return the frequency of the most frequent of some words; None if the list lacks all."""
        rows = self._rows(words)
        return float(self._frequencies[rows].max()) if len(rows) else None

    def among(self, candidates: Sequence[str]) -> list[tuple[str, float]]:
        """Return those of some folded words that the list has, in its spelling."""
        rows = self._rows(hashed(candidates)).tolist()
        return [(self._word(row), float(self._frequencies[row])) for row in rows]

    def _rows(self, words: Hashes) -> NDArray[np.int64]:
        """Return the rows of those words that are there."""
        if not len(self._hashes) or not len(words):
            return np.empty(0, dtype=np.int64)
        found = np.minimum(np.searchsorted(self._hashes, words), len(self._hashes) - 1)
        there: NDArray[np.int64] = found[self._hashes[found] == words]
        return there

    def _word(self, row: int) -> str:
        start = int(self._ends[row - 1]) if row else 0
        return self._text[start : int(self._ends[row])].decode()


@lru_cache(maxsize=64)
def word_list(language: str) -> WordList | None:
    """Return the list of a language; None if there is none. Read once for each process.

    Args:
        language: ISO 639-1 code.
    """
    package = find_spec("wordfreq")
    if package is None or package.origin is None:
        return None
    path = Path(package.origin).parent / "data" / f"small_{language}.msgpack.gz"
    if not path.is_file():
        return None
    buckets = msgpack.unpackb(gzip.decompress(path.read_bytes()))
    # The first entry describes the format; after it, words by hundredths of a decade.
    return WordList(
        (word, -number / 100)
        for number, words in enumerate(buckets[1 : _RAREST + 2])
        for word in words
    )
