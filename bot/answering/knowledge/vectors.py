"""The embeddings of passages: several for each, so that a short question finds its sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge.indexed_passage import IndexedPassage
from bot.answering.knowledge.unrelated_questions import EVERYDAY
from bot.text.sentences import split

_WHOLE, _SENTENCE = 0.4, 0.6
"""Shares of the similarity. Source: the tuning half of tests/data/knowledge_questions.yaml, and
tests/data/faq_questions.yaml; the subject alone as a third share made both worse."""


class Embeds(Protocol):
    """An encoder."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (n_texts, dimension)."""
        ...


@dataclass(frozen=True, slots=True)
class Texts:
    """What is embedded of passages.

    Attributes:
        wholes: Title, heading path and text of each passage.
        sentences: Each sentence behind its subject; those of a passage stand together.
        starts: Where each passage's sentences begin.
    """

    wholes: Sequence[str]
    sentences: Sequence[str]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, passages: Sequence[IndexedPassage]) -> Texts:
        """Take the texts of passages; each has at least one sentence."""
        cut = [split(passage.text) or [passage.text] for passage in passages]
        return cls(
            wholes=[f"{p.subject}\n{p.text}" for p in passages],
            sentences=[
                f"{p.subject}: {s}" for p, each in zip(passages, cut, strict=True) for s in each
            ],
            starts=np.cumsum([0, *(len(each) for each in cut)], dtype=np.int64)[:-1],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """The embeddings of all passages, by one encoder.

    Attributes:
        wholes: Of subject and text, shape (n_passages, dimension).
        sentences: Of each sentence behind its subject, shape (n_sentences, dimension); those of
            a passage stand together, in the order of the passages.
        starts: Where each passage's sentences begin, shape (n_passages,).
        floors: Similarity up to which it means nothing, shape (n_passages,).
        everyday: Of the everyday questions, shape (n_questions, dimension).
    """

    wholes: NDArray[np.float32]
    sentences: NDArray[np.float32]
    starts: NDArray[np.int64]
    floors: NDArray[np.float32]
    everyday: NDArray[np.float32]

    @classmethod
    def build(
        cls,
        passages: Sequence[IndexedPassage],
        encoder: Embeds,
        known: Mapping[str, NDArray[np.float32]] | None = None,
        *,
        knows_languages: bool = False,
    ) -> Vectors:
        """Embed passages, and measure what similarity means nothing to this encoder.

        Args:
            passages: What to embed.
            encoder: What with.
            known: Vectors of texts that the same encoder has embedded before.
            knows_languages: The encoder is for many languages: one floor holds for all passages,
                so that questions find them whichever language they are in.
        """
        texts = Texts.of(passages)
        rows = _embed([*texts.wholes, *texts.sentences], encoder, known or {})
        everyday = [encoder.embed(each) for each in EVERYDAY.values()]
        vectors = cls(
            wholes=rows[: len(passages)],
            sentences=rows[len(passages) :],
            starts=texts.starts,
            floors=np.zeros(len(passages), dtype=np.float32),
            everyday=np.concatenate(everyday),
        )
        languages = np.array(["" if knows_languages else p.language for p in passages])
        summary = np.median if knows_languages else np.max
        return replace(vectors, floors=_floors(vectors, languages, everyday, summary))

    def known(self, passages: Sequence[IndexedPassage]) -> dict[str, NDArray[np.float32]]:
        """Return the vector of each text that was embedded of these passages."""
        texts = Texts.of(passages)
        wholes = dict(zip(texts.wholes, self.wholes, strict=True))
        if len(texts.sentences) != len(self.sentences) or (texts.starts != self.starts).any():
            return wholes  # stored by a version that split sentences differently
        return {**wholes, **dict(zip(texts.sentences, self.sentences, strict=True))}

    def roughly(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a similarity that is quick to compute, shape (n_passages,)."""
        return np.asarray(self.wholes @ query, dtype=np.float32)

    def relatedness(
        self, query: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return how much more than nothing some passages have in common with a text.

        Args:
            query: The text's unit vector, shape (dimension,).
            rows: The passages, shape (n_rows,).

        Returns:
            Shape (n_rows,), in [0, 1]; 0 up to a passage's floor.
        """
        return above(self._of_rows(rows).similarity(query[None])[0], self.floors[rows])

    def similarity(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the weighted cosines, shape (n_queries, n_passages), in [-1, 1]."""
        if not len(self.starts):
            return queries @ self.wholes.T  # nothing to take a maximum of
        return weighted(queries @ self.wholes.T, queries @ self.sentences.T, self.starts)

    def _of_rows(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors of some passages."""
        if len(rows) == len(self.starts):
            return self
        places, counts = self.within(rows)
        return replace(
            self,
            wholes=self.wholes[rows],
            sentences=self.sentences[places],
            starts=np.cumsum(counts) - counts,
            floors=self.floors[rows],
        )

    def within(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the sentences of some passages stand, and how many each of these has."""
        counts = np.diff(np.append(self.starts, len(self.sentences)))[rows]
        behind = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(self.starts[rows], counts) + behind, counts


def weighted(
    wholes: NDArray[np.float32], sentences: NDArray[np.float32], starts: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return what passages reach by their wholes and by the nearest of their sentences.

    Args:
        wholes: Cosines, shape (..., n_passages).
        sentences: Cosines, shape (..., n_sentences).
        starts: Where each passage's sentences begin; at least one passage.
    """
    nearest = np.maximum.reduceat(sentences, starts, axis=-1)
    return np.asarray(_WHOLE * wholes + _SENTENCE * nearest, dtype=np.float32)


def above(
    similarity: NDArray[np.float32], floor: NDArray[np.float32] | float
) -> NDArray[np.float32]:
    """Return similarity on a scale from 0, at what means nothing or below, to 1."""
    return np.clip((similarity - floor) / (1.0 - floor), 0.0, 1.0)


def _embed(
    texts: Sequence[str], encoder: Embeds, known: Mapping[str, NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Embed each text once, and only those that are not known."""
    new = list(dict.fromkeys(text for text in texts if text not in known))
    fresh = encoder.embed(new)
    place = {text: n for n, text in enumerate(new)}
    rows = np.empty((len(texts), fresh.shape[1]), dtype=np.float32)
    for n, text in enumerate(texts):
        rows[n] = fresh[place[text]] if text in place else known[text]
    return rows


def _floors(
    vectors: Vectors,
    languages: NDArray[np.str_],
    everyday: Sequence[NDArray[np.float32]],
    summary: Callable[[Sequence[float]], float],
) -> NDArray[np.float32]:
    """Return, for each passage, what everyday questions reach among those of its language.

    An encoder puts all texts in a language that it does not know close together: there the
    floor is high, similarity counts for little, and the words decide. The median over questions
    of one language allows for one that happens to be about the articles. The highest of these
    medians belongs to the language, or at least the script, of the passages. An encoder that
    knows all the languages has no such script: there their median is what nothing means.
    """
    floors = np.zeros(len(languages), dtype=np.float32)
    if not len(languages):
        return floors
    similarities = [vectors.similarity(each) for each in everyday]
    for language in np.unique(languages):
        own = languages == language
        reached = [float(np.median(each[:, own].max(axis=1))) for each in similarities]
        floors[own] = max(float(summary(reached)), 0.0)
    return np.minimum(floors, 0.99)
