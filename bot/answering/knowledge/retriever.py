"""The `Retriever` of a running service: the index, an encoder, and today's date."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.answering.knowledge.index import Found, KnowledgeIndex
from bot.answering.knowledge.vectors import Embeds
from bot.messages import Source
from bot.ports import Clock, Passage

THRESHOLD = 0.25
"""Score from which a passage may be quoted as an answer. Source: the tuning half of
tests/data/knowledge_questions.yaml: above what any off-topic question reaches there."""

_CHARACTERS = 2_000
"""What is looked at of a question."""


class KnowledgeRetriever:
    """Finds passages in the admins' articles."""

    def __init__(self, index: KnowledgeIndex, encoder: Embeds, clock: Clock) -> None:
        self.threshold = THRESHOLD
        self._index = index
        self._encoder = encoder
        self._clock = clock

    async def search(self, text: str, *, language: str, limit: int) -> Sequence[Passage]:
        """Return the best passages first; none for a text that says nothing.

        Args:
            text: What is asked; any text, of which the first characters count.
            language: BCP 47 tag of the customer's language; empty when it is not known.
            limit: How many at most.
        """
        return await asyncio.to_thread(self._search, text, language, limit)

    def _search(self, text: str, language: str, limit: int) -> list[Passage]:
        question = text[:_CHARACTERS].encode("utf-8", "ignore").decode("utf-8").strip()
        if not question or not self._index.passages:
            return []
        today = self._clock.now().date()
        query = self._encoder.embed([question])[0]
        found = self._index.search(question, query, today=today, language=language, limit=limit)
        return [_passage(each) for each in found]


def _passage(found: Found) -> Passage:
    indexed = found.passage
    return Passage(
        citation=indexed.citation,
        source=Source(indexed.title, indexed.url),
        heading=indexed.heading,
        text=indexed.text,
        score=found.score,
    )
