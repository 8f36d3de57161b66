"""Article search of a turn: its question, completed from the conversation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answering.knowledge.index import OWN_LANGUAGE
from bot.answering.knowledge.indexed_passage import primary
from bot.answering.knowledge.query_rewriting import completed, points_back
from bot.messages import DecisionKind, Message
from bot.ports import Audience, Passage, Retriever, SearchResult
from bot.responder import Turn

PASSAGES = 4
"""What GPT reads at most."""

OFFERED = 10
"""Passages whose sentences GPT chooses from: with fewer the right ones are missing for one question
in ten. Source: benchmarks/field/build/trades."""

_OF_PART = 2
"""Passages that are added for each part of a question."""

_CANDIDATES = 3 * PASSAGES
"""Passages among which those for a follow-up are chosen."""

_AGAIN = 0.5
"""Weight of a follow-up's own words, in addition to the completed question: they are few but new.
Source: the tuning half of tests/data/dialogues.yaml."""

_OWN_WORDS = 0.5
"""Weight of the share of a follow-up's own words that a passage holds, and ..."""

_SAME_ARTICLE = 0.2
"""... of being in the article that was quoted before. Source:
benchmarks/field/build/dialogues.yaml."""

_QUOTED = {DecisionKind.QUOTED, DecisionKind.GENERATED}

_FOREIGN = 0.75
"""Share of the threshold from which a passage is quoted for a question in another language than the
first encoder's: unrelated ones stay lower there. Source: the tuning parts of
tests/data/cross_language.yaml and cross_language_more.yaml: 0.15 for the unrelated questions."""

_COMPANION = 0.65
"""Share of the best passage's score from which another one of its article is quoted along."""


class ArticleSearch:
    """Searches the articles once for each turn.

    Args:
        retriever: Finds passages.
        audience: Returns the audience of a message.
    """

    def __init__(self, retriever: Retriever, audience: Callable[[Message], Audience]) -> None:
        self._retriever = retriever
        self._audience = audience
        self.threshold = retriever.threshold

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

    async def more(self, turn: Turn, parts: Sequence[str]) -> tuple[Passage, ...]:
        """Return the passages of a turn and more of them, also for each part of its question.

        Args:
            turn: It was searched for.
            parts: The parts of a question that asks several things.
        """
        question = turn.question or completed(turn.scored, turn.conversation.turns)
        results = [await self._search(turn, question, OFFERED)]
        results += [await self._search(turn, part, _OF_PART) for part in parts]
        found = [*(turn.passages or ()), *(each for one in results for each in one.passages)]
        return tuple({each.citation: each for each in reversed(found)}.values())[::-1]

    def quotable(self, turn: Turn) -> Passage | None:
        """Return the passage to quote: the one that GPT used, if any.

        Else the one that answers better than the intents, or the best one above the threshold.
        """
        passages = turn.passages or ()
        for passage in passages:
            if passage.citation in {turn.answered_from, turn.quotes} - {""}:
                return passage
        return passages[0] if self._is_near(passages, turn.language) else None

    def best(self, turn: Turn) -> Passage | None:
        """Return the passage that was found first; None when nothing was found."""
        return next(iter(turn.passages or ()), None)

    def companions(self, turn: Turn, quoted: Passage) -> Sequence[Passage]:
        """Return the passages of the same article that are about as near as a quoted one."""
        if quoted.citation == turn.answered_from:
            return ()  # GPT has chosen
        article = article_of(quoted.citation)
        others = [each for each in turn.passages or () if each.citation != quoted.citation]
        return [
            each
            for each in others
            if article_of(each.citation) == article
            and each.score >= _COMPANION * quoted.score
            and (each.personal, each.internal) == (quoted.personal, quoted.internal)
        ][:1]

    def stays(self, turn: Turn, passage: Passage) -> bool:
        """Return whether a follow-up's passage is in the article that was quoted before."""
        return bool(turn.question) and article_of(passage.citation) == _quoted_before(turn)

    def why(self, turn: Turn, quoted: Passage) -> str:
        """Say why a passage is quoted, in words that an admin understands."""
        if quoted.citation == turn.answered_from:
            return f"{quoted.citation} is what GPT answered from, in words that were left out"
        if quoted.citation == turn.quotes:
            return f"{quoted.citation} at {quoted.score:.2f} is quoted"
        return f"{quoted.citation} at {quoted.score:.2f} reaches {self.least(turn.language):.2f}"

    async def _found(self, turn: Turn) -> tuple[SearchResult, Sequence[str]]:
        """Search for a question, and for a follow-up together with what it leans on.

        Few words may be a new subject as well ("gift cards"): where they find something by
        themselves, that is it.

        Returns:
            What was found, and reasons why it was searched for in another way than as it stands.
        """
        if turn.question:
            return await self._for_follow_up(turn), ()
        question = completed(turn.scored, turn.conversation.turns)
        if question == turn.scored:
            return await self._search(turn, question, PASSAGES), ()
        alone = await self._search(turn, turn.scored, _CANDIDATES)
        if not points_back(turn.scored) and self._is_near(alone.passages, turn.language):
            return alone, ()
        together = await self._search(turn, question, _CANDIDATES)
        reason = "a follow-up: searched together with what was asked before"
        return _by_both(together, alone), (reason,)

    async def _for_follow_up(self, turn: Turn) -> SearchResult:
        """Search for a completed follow-up: by both, by its own words, and where it was quoted."""
        together = await self._search(turn, turn.question, _CANDIDATES)
        alone = await self._search(turn, turn.scored, _CANDIDATES)
        own = {each.citation: each for each in alone.passages}
        before = _quoted_before(turn)

        def rank(each: Passage) -> float:
            by_itself = own.get(each.citation)
            score = each.score + _SAME_ARTICLE * (article_of(each.citation) == before)
            if by_itself is None:
                return score
            return score + _AGAIN * by_itself.score + _OWN_WORDS * by_itself.covered

        ranked = sorted(together.passages, key=rank, reverse=True)
        return replace(together, passages=tuple(ranked))

    async def _search(self, turn: Turn, question: str, limit: int) -> SearchResult:
        return await self._retriever.search(
            question,
            language=turn.language,
            limit=limit,
            audience=self._audience(turn.message),
        )

    def least(self, language: str) -> float:
        """Return the score from which a passage is quoted for a question in a language."""
        return self.threshold * (1.0 if is_native(language) else _FOREIGN)

    def _is_near(self, passages: Sequence[Passage], language: str) -> bool:
        return bool(passages) and passages[0].score >= self.least(language)


def article_of(citation: str) -> str:
    """Return the name of the article that a citation is of.

    >>> article_of("returns.md#What it costs (2)")
    'returns.md'
    """
    return citation.partition("#")[0].partition(" (")[0]


def is_native(language: str) -> bool:
    """Return whether a language is that of the first encoder, or not known."""
    return primary(language) in ("", OWN_LANGUAGE)


def _quoted_before(turn: Turn) -> str:
    """Return the article that the last message was answered from; empty for none."""
    last = next(reversed(turn.conversation.decisions), None)
    if last is None or last.kind not in _QUOTED or not last.passages:
        return ""
    return article_of(last.passages[0])


def _by_both(together: SearchResult, alone: SearchResult) -> SearchResult:
    """Rank what a completed follow-up finds by its own words as well; scores stay what they are."""
    own = {passage.citation: passage.score for passage in alone.passages}
    ranked = sorted(
        together.passages, key=lambda each: -(each.score + _AGAIN * own.get(each.citation, 0.0))
    )
    return replace(together, passages=tuple(ranked))
