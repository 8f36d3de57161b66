"""Retriever of articles: searches the index for what an audience may read today."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge.access import INTERNAL, is_personal
from bot.answering.knowledge.index import (
    OWN_LANGUAGE,
    Encoders,
    KnowledgeIndex,
    SearchQuery,
)
from bot.answering.knowledge.indexed_passage import primary
from bot.answering.knowledge.scores import PassageScores
from bot.messages import Source
from bot.ports import Audience, Clock, Passage, SearchResult, WithheldPassage

THRESHOLD = 0.27
"""Score from which a passage may be quoted as an answer. Source: the tuning half of
tests/data/knowledge_questions.yaml: above what any off-topic question reaches there, and where
the wrong article is quoted for fewer than 7 % of the others."""

_CHARACTERS = 2_000
"""Most characters of a question that are searched for."""

_WITHHELD = 3
"""Most passages that are reported to admins because the customer may not read them."""


@dataclass(frozen=True, slots=True)
class _SearchParameters:
    """The parameters of a search."""

    question: str
    language: str
    limit: int
    audience: Audience
    today: date


class KnowledgeRetriever:
    """Finds passages in the admins' articles."""

    def __init__(self, index: KnowledgeIndex, encoders: Encoders, clock: Clock) -> None:
        self.threshold = THRESHOLD
        self.index = index
        self.encoders = encoders
        self._clock = clock

    async def search(
        self, text: str, *, language: str, limit: int, audience: Audience | None = None
    ) -> SearchResult:
        """Return the best passages first; none for an empty text.

        Args:
            text: The question; only its first characters are used.
            language: BCP 47 tag of the customer's language; empty when it is not known.
            limit: How many at most.
            audience: Who asks; None: public passages only.
        """
        question = text[:_CHARACTERS].encode("utf-8", "ignore").decode("utf-8").strip()
        if not question or not self.index.passages:
            return SearchResult(())
        today = self._clock.now().date()
        asked = _SearchParameters(question, language, max(limit, 0), audience or Audience(), today)
        return await asyncio.to_thread(self._search, asked)

    def of(self, index: KnowledgeIndex) -> KnowledgeRetriever:
        """Return a retriever of another index, built with the same encoders."""
        return KnowledgeRetriever(index, self.encoders, self._clock)

    def _search(self, asked: _SearchParameters) -> SearchResult:
        """Search with the first encoder, and with the multilingual one where languages differ."""
        own = self.encoders.own.embed([asked.question])[0]
        question = SearchQuery(asked.question, asked.language, own)
        many = self.encoders.many if self.index.knows_many else None
        native = primary(asked.language) in ("", OWN_LANGUAGE)
        if many is None or (native and not self.index.is_foreign):
            return self._select(asked, self.index.score(question))
        vector = many.embed([asked.question])[0]
        question = SearchQuery(asked.question, asked.language, own, vector)
        return self._select(asked, self.index.score(question))

    def _select(self, asked: _SearchParameters, scores: PassageScores) -> SearchResult:
        """Separate what the audience may read from what it may not."""
        admission = self.index.admission
        readable = admission.readable(asked.audience)[scores.rows]
        valid = admission.valid(asked.today)[scores.rows]
        shown = readable & valid & (scores.joined > 0)
        best = self._best(scores, shown, asked.limit)
        hidden = self._best(scores, ~(readable & valid), _WITHHELD)
        return SearchResult(
            passages=tuple(self._passage(scores, at, asked.audience) for at in best),
            withheld=tuple(
                self._withheld(scores, at, expired=bool(readable[at]))
                for at in hidden
                if scores.joined[at] >= self.threshold
            ),
        )

    def _best(self, scores: PassageScores, among: NDArray[np.bool_], limit: int) -> Sequence[int]:
        """Return the positions of the best scores; equal ones in the order of citations."""
        places, ranked = np.flatnonzero(among), scores.ranked
        if len(places) > limit:
            least = np.partition(ranked[places], -limit)[-limit] if limit else np.inf
            places = places[ranked[places] >= least]
        passages = self.index.passages
        best = sorted(
            places.tolist(),
            key=lambda at: (-float(ranked[at]), passages[int(scores.rows[at])].citation),
        )
        return best[:limit]

    def _passage(self, scores: PassageScores, at: int, audience: Audience) -> Passage:
        indexed = self.index.passages[int(scores.rows[at])]
        return Passage(
            citation=indexed.citation,
            source=Source(indexed.title, indexed.url),
            heading=indexed.heading,
            text=indexed.text,
            score=float(scores.joined[at]),
            place=indexed.place,
            meaning=float(scores.meaning[at]),
            words=float(scores.words[at]),
            covered=float(scores.covered[at]),
            personal=is_personal(indexed.audience, audience),
            internal=indexed.audience == INTERNAL,
            language=indexed.language,
        )

    def _withheld(self, scores: PassageScores, at: int, *, expired: bool) -> WithheldPassage:
        indexed = self.index.passages[int(scores.rows[at])]
        days = f"valid {indexed.valid_from or '...'} to {indexed.valid_until or '...'}"
        reason = days if expired else f"for {indexed.audience}"
        return WithheldPassage(indexed.citation, float(scores.joined[at]), reason)
