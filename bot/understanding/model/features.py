"""What head and examples see of a text: its meaning and its words, weighed against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders.encoder import Reading
from bot.understanding.words import SparseRow, Words

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


def features(texts: Sequence[str], reading: Reading, words: Words) -> Features:
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
