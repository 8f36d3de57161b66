"""Article search of a turn: its question, completed from the conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.knowledge.query_rewriting import completed, points_back
from bot.messages import Message
from bot.ports import Audience, Findings, Passage, Retriever
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

    async def find(self, turn: Turn) -> Sequence[Passage]:
        """Return the best passages for a turn, and store them in it."""
        if turn.passages is None:
            found = await self._found(turn)
            turn.passages = found.passages[:PASSAGES]
            turn.reasons += [
                f"left out: {each.citation} at {each.score:.2f}, {each.reason}"
                for each in found.withheld
            ]
        return turn.passages

    def quotable(self, turn: Turn) -> Passage | None:
        """Return the passage to quote: the one that GPT used, else the best above the threshold."""
        passages = turn.passages or ()
        for passage in passages:
            if passage.citation == turn.answering:
                return passage
        return passages[0] if self._is_near(passages) else None

    def why(self, turn: Turn, quoted: Passage) -> str:
        """Return why a passage is quoted, for admins."""
        if quoted.citation == turn.answering:
            return f"{quoted.citation} is what GPT answered from, in words that were left out"
        return f"{quoted.citation} at {quoted.score:.2f} reaches {self._threshold:.2f}"

    async def _found(self, turn: Turn) -> Findings:
        """Search for a question; for a follow-up, together with the question that it completes.

        Few words may be a new subject as well ("gift cards"): where they find something by
        themselves, that is it.
        """
        question = completed(turn.text, turn.conversation.turns)
        if question == turn.text:
            return await self._search(turn, question, PASSAGES)
        alone = await self._search(turn, turn.text, _CANDIDATES)
        if not points_back(turn.text) and self._is_near(alone.passages):
            return alone
        turn.reasons.append("a follow-up: searched together with what was asked before")
        return _by_both(await self._search(turn, question, _CANDIDATES), alone)

    async def _search(self, turn: Turn, question: str, limit: int) -> Findings:
        return await self._retriever.search(
            question,
            language=turn.language,
            limit=limit,
            audience=self._audience(turn.message),
        )

    def _is_near(self, passages: Sequence[Passage]) -> bool:
        return bool(passages) and passages[0].score >= self._threshold


def _by_both(together: Findings, alone: Findings) -> Findings:
    """Rank what a completed follow-up finds by its own words as well; scores stay what they are."""
    own = {passage.citation: passage.score for passage in alone.passages}
    ranked = sorted(
        together.passages, key=lambda each: -(each.score + _AGAIN * own.get(each.citation, 0.0))
    )
    return replace(together, passages=tuple(ranked))
