"""The embeddings of passages: several for each, so that a short question finds its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge.everyday import EVERYDAY

_SUBJECT, _WHOLE, _SENTENCE = 0.1, 0.4, 0.5
"""Shares of the similarity. Source: the tuning half of tests/data/knowledge_questions.yaml."""


class Embeds(Protocol):
    """An encoder."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (n_texts, dimension)."""
        ...


@dataclass(frozen=True, slots=True)
class Embeddable:
    """What is embedded of a passage.

    Attributes:
        subject: Title and heading path.
        sentences: The text, cut; at least one.
    """

    language: str
    subject: str
    text: str
    sentences: Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """The embeddings of all passages.

    Attributes:
        subjects: Of the subjects, shape (n_passages, dimension).
        wholes: Of subject and text, shape (n_passages, dimension).
        sentences: Of each sentence behind its subject, shape (n_sentences, dimension); those of
            a passage stand together, in the order of the passages.
        starts: Where each passage's sentences begin, shape (n_passages,).
        floors: Similarity up to which it means nothing, shape (n_passages,).
    """

    subjects: NDArray[np.float32]
    wholes: NDArray[np.float32]
    sentences: NDArray[np.float32]
    starts: NDArray[np.int64]
    floors: NDArray[np.float32]

    @classmethod
    def build(cls, passages: Sequence[Embeddable], encoder: Embeds) -> Vectors:
        """Embed passages, and measure what similarity means nothing to this encoder."""
        vectors = cls(
            subjects=encoder.embed([p.subject for p in passages]),
            wholes=encoder.embed([f"{p.subject}\n{p.text}" for p in passages]),
            sentences=encoder.embed([f"{p.subject}: {s}" for p in passages for s in p.sentences]),
            starts=np.cumsum([0, *(len(p.sentences) for p in passages)], dtype=np.int64)[:-1],
            floors=np.zeros(len(passages), dtype=np.float32),
        )
        languages = np.array([p.language for p in passages])
        return replace(vectors, floors=_floors(vectors, languages, encoder))

    def relatedness(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how much more than nothing the passages have in common with a text.

        Args:
            query: The text's unit vector, shape (dimension,).

        Returns:
            Shape (n_passages,), in [0, 1]; 0 up to a passage's floor.
        """
        above = (self.similarity(query[None])[0] - self.floors) / (1.0 - self.floors)
        related: NDArray[np.float32] = np.clip(above, 0.0, 1.0)
        return related

    def similarity(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the weighted cosines, shape (n_queries, n_passages), in [-1, 1]."""
        if not len(self.starts):
            return queries @ self.wholes.T  # nothing to take a maximum of
        nearest = np.maximum.reduceat(queries @ self.sentences.T, self.starts, axis=1)
        subjects, wholes = queries @ self.subjects.T, queries @ self.wholes.T
        weighted = _SUBJECT * subjects + _WHOLE * wholes + _SENTENCE * nearest
        return np.asarray(weighted, dtype=np.float32)


def _floors(vectors: Vectors, languages: NDArray[np.str_], encoder: Embeds) -> NDArray[np.float32]:
    """Return, for each passage, what everyday questions reach among those of its language.

    An encoder puts all texts in a language that it does not know close together: there the
    floor is high, similarity counts for little, and the words decide. The median over questions
    of one language allows for one that happens to be about the articles; the highest of these
    medians belongs to the language, or at least the script, of the passages.
    """
    floors = np.zeros(len(languages), dtype=np.float32)
    for questions in EVERYDAY.values():
        similarity = vectors.similarity(encoder.embed(questions))
        for language in np.unique(languages):
            own = languages == language
            reached = float(np.median(similarity[:, own].max(axis=1)))
            floors[own] = np.maximum(floors[own], reached)
    return np.minimum(floors, 0.99)
