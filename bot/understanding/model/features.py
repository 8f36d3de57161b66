"""Text features for the head and the neighbours: sentence embeddings and character n-grams."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders.encoder import TextEmbeddings
from bot.understanding.language.normalise import normalise

WORDS_WEIGHT = 0.6
"""Length of the n-gram features relative to embeddings of unit length; chosen by
cross-validation on training data (docs/decisions/0003-classifier.md)."""


@dataclass(frozen=True, slots=True)
class Features:
    """Texts as vectors of equal total length.

    N-grams compensate for words that the encoder does not know: embeddings are scaled by the share
    of the text that it knows, and the n-grams make up the rest of the length.

    Attributes:
        meaning: Embeddings of the last two layers, for nearness, shape (n_texts, 2 dimension).
        dense: Embeddings of the last two layers and, after full training, of the tuned layers,
            for the head, shape (n_texts, 2 or 3 x dimension).
        words: N-grams of each text.
        known: Share of each text that the encoder knows, shape (n_texts,).
        tuned: Embeddings of the tuned layers, for nearness, after full training, shape
            (n_texts, dimension).
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


def features(texts: Sequence[str], reading: TextEmbeddings, words: NgramFeatures) -> Features:
    """Compute the features of texts.

    Args:
        texts: The texts.
        reading: Their embeddings.
        words: The n-gram vocabulary.
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
"""Maximum vocabulary size: the most frequent n-grams are kept."""

_REMEMBERED, _SHORT = 4_096, 20
"""Number of words whose n-grams are cached, and the maximum length of such a word."""


@dataclass(frozen=True, slots=True)
class SparseRow:
    """The n-grams of one text.

    Attributes:
        columns: Positions in the vocabulary, ascending.
        values: Weights, same shape; their squares sum to 1 unless scaled.
    """

    columns: NDArray[np.int64]
    values: NDArray[np.float32]

    def scaled(self, factor: float) -> SparseRow:
        """Return the row with every weight multiplied by a factor."""
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
        """Build the vocabulary of some texts.

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
        """Return the weighted n-grams of a text, without those that are not in the vocabulary."""
        found = [position for word in _words(text) for position in self._found(word)]
        columns, counts = np.unique(np.array(found, dtype=np.int64), return_counts=True)
        # Sublinear term frequency: 1 + the logarithm of the count.
        values = (1 + np.log(counts.astype(np.float32))) * self.idf[columns]
        length = math.sqrt(float(values @ values))
        return SparseRow(columns, values / length if length else values)

    def _found(self, word: str) -> list[int]:
        return self._often(word) if len(word) <= _SHORT else self._positions(word)

    def _positions(self, word: str) -> list[int]:
        """Return the vocabulary indices of a word's n-grams."""
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
