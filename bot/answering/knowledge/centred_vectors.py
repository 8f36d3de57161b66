"""Centred vectors: passages without the mean of their language, for cross-lingual questions.

A multilingual encoder puts texts in one language close together, and general texts about a shop
near to everything: they would come first for any question. So the mean of all questions, and of all
passages in a language, is subtracted.

Source: centring against hubs, Suzuki et al. 2013, aclanthology.org/D13-1058.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge.vectors import PassageVectors, above, weighted

_SAY_NOTHING = 2
"""Weight of a zero vector in the mean of a language, in passages: few passages move it less.
Source: the tuning parts of tests/data/cross_language.yaml and cross_language_more.yaml; 0 does as
well there, but leaves nothing of a passage that is alone in its language."""

_LEAST = 1e-6


class CentredVectors:
    """Vectors of a multilingual encoder, centred by language.

    Args:
        vectors: Not copied.
        languages: Of each passage.
    """

    def __init__(self, vectors: PassageVectors, languages: Sequence[str]) -> None:
        self._vectors = vectors
        names, self._language = np.unique(np.array(languages, np.str_), return_inverse=True)
        sums = np.zeros((len(names), vectors.wholes.shape[1]), dtype=np.float32)
        np.add.at(sums, self._language, vectors.wholes)
        passages = np.bincount(self._language, minlength=len(names)) + _SAY_NOTHING
        self._usual = np.asarray(sums / passages[:, None], dtype=np.float32)
        self._asked = vectors.everyday.mean(axis=0, keepdims=True)
        everything = np.arange(len(vectors.wholes))
        of_sentences = np.repeat(self._language, vectors.within(everything)[1])
        self._wholes = self._distances(vectors.wholes, self._language)
        self._sentences = self._distances(vectors.sentences, of_sentences)
        self._floor = self._median_of_everyday(everything)

    def roughly(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return an approximate similarity, by whole passages only, shape (n_passages,)."""
        asked = self._question(query)
        common = (self._usual @ asked)[self._language]
        return np.asarray((self._vectors.wholes @ asked - common) / self._wholes, dtype=np.float32)

    def relatedness(
        self, query: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return the similarity of some passages to a text above the floor.

        Args:
            query: The text's unit vector, shape (dimension,).
            rows: The passages, shape (n_rows,).

        Returns:
            Shape (n_rows,), in [0, 1]; 0 up to the similarity of unrelated questions.
        """
        return above(self._similarity(query, rows), self._floor)

    def _similarity(
        self, query: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        asked = self._question(query)
        vectors, (places, counts) = self._vectors, self._vectors.within(rows)
        common = (self._usual @ asked)[self._language[rows]]
        wholes = np.asarray(
            (vectors.wholes[rows] @ asked - common) / self._wholes[rows], dtype=np.float32
        )
        each = vectors.sentences[places] @ asked - np.repeat(common, counts)
        sentences = np.asarray(each / self._sentences[places], dtype=np.float32)
        return weighted(wholes, sentences, np.cumsum(counts) - counts)

    def _question(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        away = query - self._asked[0]
        return np.asarray(away / max(float(np.linalg.norm(away)), _LEAST), dtype=np.float32)

    def _distances(
        self, vectors: NDArray[np.float32], language: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return the distances of unit vectors from the mean of their language."""
        usual = np.sum(self._usual**2, axis=1)[language]
        along = np.take_along_axis(vectors @ self._usual.T, language[:, None], axis=1)[:, 0]
        return np.asarray(np.sqrt(np.maximum(1.0 - 2.0 * along + usual, _LEAST)), dtype=np.float32)

    def _median_of_everyday(self, rows: NDArray[np.int64]) -> float:
        """Return the median of the best similarities of unrelated questions."""
        if not len(rows):
            return 0.0
        reached = [float(self._similarity(each, rows).max()) for each in self._vectors.everyday]
        return min(max(float(np.median(reached)), 0.0), 0.99)
