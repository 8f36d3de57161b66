"""Character n-grams: what the words look like, beside what the encoder makes of them.

They know product names, typing mistakes and languages that the encoder never saw. The weighting
is TF-IDF over n-grams inside word boundaries, as scikit-learn's `char_wb` does it; scikit-learn
itself would cost a serving process 128 MB. Ideographs count singly too: each is a word.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.understanding.language.normalise import normalise

SHORTEST, LONGEST = 2, 4
MAX_GRAMS = 50_000
"""Vocabulary limit: the n-grams that most texts share are kept."""

_REMEMBERED, _SHORT = 4_096, 20
"""Words whose n-grams are remembered, and letters that such a word has at most."""


@dataclass(frozen=True, slots=True)
class SparseRow:
    """The n-grams of one text.

    Attributes:
        columns: Positions in the vocabulary, ascending.
        values: Weights of the same length; as the vocabulary gives them, their squares sum to 1.
    """

    columns: NDArray[np.int64]
    values: NDArray[np.float32]

    def scaled(self, factor: float) -> SparseRow:
        """Return the row, every weight multiplied."""
        return SparseRow(self.columns, self.values * np.float32(factor))


class Words:
    """A vocabulary of n-grams with the weight of each.

    Args:
        grams: The vocabulary, sorted.
        idf: Inverse document frequency of each n-gram, shape (n_grams,).
    """

    def __init__(self, grams: Sequence[str], idf: NDArray[np.float32]) -> None:
        self.grams = tuple(grams)
        self.idf = idf
        self._position = {gram: position for position, gram in enumerate(self.grams)}
        self._often = lru_cache(maxsize=_REMEMBERED)(self._positions)

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Words:
        """Learn the vocabulary of some texts.

        Source: smoothed inverse document frequency, ln((1 + n) / (1 + df)) + 1.
        """
        frequency: Counter[str] = Counter()
        for text in texts:
            frequency.update({gram for word in _words(text) for gram in _grams(word)})
        kept = sorted(frequency, key=lambda gram: (-frequency[gram], gram))[:MAX_GRAMS]
        kept.sort()
        counts = np.array([frequency[gram] for gram in kept], dtype=np.float64)
        idf = np.log((1 + len(texts)) / (1 + counts)) + 1
        return cls(kept, idf.astype(np.float32))

    def row(self, text: str) -> SparseRow:
        """Weigh the n-grams of a text; those that are not in the vocabulary count for nothing."""
        found = [position for word in _words(text) for position in self._found(word)]
        columns, counts = np.unique(np.array(found, dtype=np.int64), return_counts=True)
        # A repeated n-gram adds little: the logarithm of its count.
        values = (1 + np.log(counts.astype(np.float32))) * self.idf[columns]
        length = math.sqrt(float(values @ values))
        return SparseRow(columns, values / length if length else values)

    def _found(self, word: str) -> list[int]:
        return self._often(word) if len(word) <= _SHORT else self._positions(word)

    def _positions(self, word: str) -> list[int]:
        """Return where the n-grams of a word stand in the vocabulary."""
        found = map(self._position.get, _grams(word))
        return [position for position in found if position is not None]


def _words(text: str) -> list[str]:
    return normalise(text).lower().split()


def _grams(word: str) -> list[str]:
    grams = [] if word.isascii() else list(filter(_is_ideograph, word))
    padded = f" {word} "
    for size in range(SHORTEST, LONGEST + 1):
        if len(padded) <= size:  # short words count once, as a whole
            return [*grams, padded]
        grams += [padded[start : start + size] for start in range(len(padded) - size + 1)]
    return grams


def _is_ideograph(character: str) -> bool:
    return character >= "\u2e80" and character.isalpha()
