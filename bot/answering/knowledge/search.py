"""Article search of a turn: its question, completed from the conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.knowledge.query_rewriting import completed, points_back
from bot.messages import Message
from bot.ports import Audience, Passage, Retriever, SearchResult
from bot.responder import Turn

PASSAGES = 4
"""What GPT reads at most."""

_CANDIDATES = 3 * PASSAGES
"""Passages among which those for a follow-up are chosen."""

_AGAIN = 0.5
"""Weight of a follow-up's own words, in addition to the completed question: they are few but new.
Source: the tuning half of tests/data/dialogues.yaml."""


class ArticleSearch:
    """Searches the articles once for each turn.

    Args:
        retriever: Finds passages.
        audience: Returns the audience of a message.
    """

    def __init__(self, retriever: Retriever, audience: Callable[[Message], Audience]) -> None:
        self._retriever = retriever
        self._audience = audience
        self._threshold = retriever.threshold

    async def find(self, turn: Turn) -> Turn:
        """Return the turn with the best passages for its question; searched once for each turn."""
        if turn.passages is not None:
            return turn
        found, reasons = await self._found(turn)
        withheld = (
            f"left out: {each.citation} at {each.score:.2f}, {each.reason}"
            for each in found.withheld
        )
        searched = replace(turn, passages=tuple(found.passages[:PASSAGES]))
        return searched.because(*reasons, *withheld)

    def quotable(self, turn: Turn) -> Passage | None:
        """Return the passage to quote: the one that GPT used, else the best above the threshold."""
        passages = turn.passages or ()
        for passage in passages:
            if passage.citation == turn.answered_from:
                return passage
        return passages[0] if self._is_near(passages) else None

    def why(self, turn: Turn, quoted: Passage) -> str:
        """Say why a passage is quoted, in words that an admin understands."""
        if quoted.citation == turn.answered_from:
            return f"{quoted.citation} is what GPT answered from, in words that were left out"
        return f"{quoted.citation} at {quoted.score:.2f} reaches {self._threshold:.2f}"

    async def _found(self, turn: Turn) -> tuple[SearchResult, Sequence[str]]:
        """Search for a question, and for a follow-up together with what it leans on.

        Few words may be a new subject as well ("gift cards"): where they find something by
        themselves, that is it.

        Returns:
            What was found, and reasons why it was searched for in another way than as it stands.
        """
        question = completed(turn.scored, turn.conversation.turns)
        if question == turn.scored:
            return await self._search(turn, question, PASSAGES), ()
        alone = await self._search(turn, turn.scored, _CANDIDATES)
        if not points_back(turn.scored) and self._is_near(alone.passages):
            return alone, ()
        together = await self._search(turn, question, _CANDIDATES)
        reason = "a follow-up: searched together with what was asked before"
        return _by_both(together, alone), (reason,)

    async def _search(self, turn: Turn, question: str, limit: int) -> SearchResult:
        return await self._retriever.search(
            question,
            language=turn.language,
            limit=limit,
            audience=self._audience(turn.message),
        )

    def _is_near(self, passages: Sequence[Passage]) -> bool:
        return bool(passages) and passages[0].score >= self._threshold


def _by_both(together: SearchResult, alone: SearchResult) -> SearchResult:
    """Rank what a completed follow-up finds by its own words as well; scores stay what they are."""
    own = {passage.citation: passage.score for passage in alone.passages}
    ranked = sorted(
        together.passages, key=lambda each: -(each.score + _AGAIN * own.get(each.citation, 0.0))
    )
    return replace(together, passages=tuple(ranked))
