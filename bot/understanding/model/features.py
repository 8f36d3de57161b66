"""What head and examples see of a text: its meaning and its words, weighed against each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders.encoder import Reading
from bot.understanding.language.normalise import normalise

WORDS_WEIGHT = 0.6
"""Length of the word features beside embeddings of unit length; chosen by
cross-validation on training data (docs/decisions/0003-classifier.md)."""


@dataclass(frozen=True, slots=True)
class Features:
    """Texts as vectors; all have the same length.

    What the encoder does not know, words stand in for: embeddings are as long as the share of the
    text that the encoder knows, and the words take up the rest.

    Attributes:
        meaning: What nearness is measured on: sentence embeddings of the last two layers, shape
            (n_texts, 2 dimension).
        dense: Sentence embeddings beside those of the layer below and, after full training, the
            tuned ones, shape (n_texts, 2 or 3 x dimension).
        words: N-grams of each text.
        known: Share of each text that the encoder knows, shape (n_texts,).
        tuned: What nearness is measured on, too, after full training: embeddings by the tuned
            layers, shape (n_texts, dimension).
    """

    meaning: NDArray[np.float32]
    dense: NDArray[np.float32]
    words: Sequence[SparseRow]
    known: NDArray[np.float32]
    tuned: NDArray[np.float32] | None = None

    def take(self, rows: NDArray[np.int64]) -> Features:
        """Return the features of some texts."""
        words = [self.words[row] for row in rows]
        tuned = None if self.tuned is None else self.tuned[rows]
        return Features(self.meaning[rows], self.dense[rows], words, self.known[rows], tuned)


def features(texts: Sequence[str], reading: Reading, words: NgramFeatures) -> Features:
    """Turn texts into features.

    Args:
        texts: What was read.
        reading: What the encoder made of them.
        words: The vocabulary.
    """
    weights = np.sqrt(WORDS_WEIGHT**2 + 2 * (1 - reading.known**2))
    rows = [words.row(text).scaled(float(w)) for text, w in zip(texts, weights, strict=True)]
    share = reading.known[:, None]
    layers = [reading.vectors, reading.lower]
    if reading.tuned is not None:
        layers.append(reading.tuned)
    dense = np.concatenate(layers, axis=1) * share
    meaning = dense[:, : 2 * reading.vectors.shape[1]] / np.sqrt(np.float32(2))
    return Features(meaning, dense, rows, reading.known, reading.tuned)


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


class NgramFeatures:
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
    def fit(cls, texts: Sequence[str]) -> NgramFeatures:
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
