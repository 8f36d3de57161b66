"""Embeddings of passages: of the whole and of each sentence, so that short questions match."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge.indexed_passage import IndexedPassage
from bot.answering.knowledge.unrelated_questions import EVERYDAY
from bot.ports.embedding import Embeds
from bot.text.sentences import split

_WHOLE, _SENTENCE = 0.4, 0.6
"""Shares of the similarity. Source: the tuning half of tests/data/knowledge_questions.yaml, and
tests/data/faq_questions.yaml; the subject alone as a third share made both worse."""


@dataclass(frozen=True, slots=True)
class PassageTexts:
    """The texts of passages that are embedded.

    Attributes:
        wholes: Title, heading path and text of each passage.
        sentences: Each sentence after its subject, then the questions of its article; those of a
            passage are adjacent.
        starts: Where each passage's sentences begin.
    """

    wholes: Sequence[str]
    sentences: Sequence[str]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, passages: Sequence[IndexedPassage]) -> PassageTexts:
        """Return the texts of passages; each has at least one sentence."""
        cut = [
            [*(f"{p.subject}: {s}" for s in split(p.text) or [p.text]), *p.questions]
            for p in passages
        ]
        return cls(
            wholes=[f"{p.subject}\n{p.text}" for p in passages],
            sentences=[sentence for each in cut for sentence in each],
            starts=np.cumsum([0, *(len(each) for each in cut)], dtype=np.int64)[:-1],
        )


@dataclass(frozen=True, slots=True, eq=False)
class PassageVectors:
    """The embeddings of all passages, by one encoder.

    Attributes:
        wholes: Of subject and text, shape (n_passages, dimension).
        sentences: Of each sentence after its subject, shape (n_sentences, dimension); those of a
            passage are adjacent, in the order of the passages.
        starts: Where each passage's sentences begin, shape (n_passages,).
        floors: Similarity up to which it is meaningless, shape (n_passages,).
        everyday: Of the unrelated questions, shape (n_questions, dimension).
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
    ) -> PassageVectors:
        """Embed passages, and measure which similarity is meaningless for this encoder.

        Args:
            passages: What to embed.
            encoder: Embeds them.
            known: Earlier vectors of texts by the same encoder.
            knows_languages: Whether the encoder is multilingual: then all passages have the same
                floor, whichever language they are in.
        """
        texts = PassageTexts.of(passages)
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
        texts = PassageTexts.of(passages)
        wholes = dict(zip(texts.wholes, self.wholes, strict=True))
        if len(texts.sentences) != len(self.sentences) or (texts.starts != self.starts).any():
            return wholes  # stored by a version that split sentences differently
        return {**wholes, **dict(zip(texts.sentences, self.sentences, strict=True))}

    def roughly(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return an approximate similarity, by whole passages only, shape (n_passages,)."""
        return np.asarray(self.wholes @ query, dtype=np.float32)

    def relatedness(
        self, query: NDArray[np.float32], rows: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return the similarity of some passages to a text above their floors.

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

    def _of_rows(self, rows: NDArray[np.int64]) -> PassageVectors:
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
        """Return the positions of the sentences of some passages, and the count for each."""
        counts = np.diff(np.append(self.starts, len(self.sentences)))[rows]
        behind = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.repeat(self.starts[rows], counts) + behind, counts


def weighted(
    wholes: NDArray[np.float32], sentences: NDArray[np.float32], starts: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the weighted similarity of passages: of the whole and of the nearest sentence.

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
    """Rescale similarity to [0, 1], with 0 at the floor or below."""
    return np.clip((similarity - floor) / (1.0 - floor), 0.0, 1.0)


def _embed(
    texts: Sequence[str], encoder: Embeds, known: Mapping[str, NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Embed each unknown text once."""
    new = list(dict.fromkeys(text for text in texts if text not in known))
    fresh = encoder.embed(new, passages=True)
    place = {text: n for n, text in enumerate(new)}
    rows = np.empty((len(texts), fresh.shape[1]), dtype=np.float32)
    for n, text in enumerate(texts):
        rows[n] = fresh[place[text]] if text in place else known[text]
    return rows


def _floors(
    vectors: PassageVectors,
    languages: NDArray[np.str_],
    everyday: Sequence[NDArray[np.float32]],
    summary: Callable[[Sequence[float]], float],
) -> NDArray[np.float32]:
    """Return, for each passage, the similarity of unrelated questions to those of its language.

    An encoder puts all texts in an unknown language close together: there the floor is high,
    similarity counts for little, and BM25 decides. The median over questions of one language
    tolerates one that happens to be about the articles. The highest of these medians belongs to
    the language, or at least the script, of the passages. For a multilingual encoder the median
    of the medians is used.
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
