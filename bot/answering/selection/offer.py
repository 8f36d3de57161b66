"""What is offered to the model for one question: passages, their units, and how near they are."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge.bm25 import terms
from bot.answering.knowledge.query_rewriting import completed
from bot.answering.knowledge.search import ArticleSearch
from bot.answering.selection.nearness import Nearness
from bot.answering.selection.units import ArticleUnit, units_of
from bot.ports import Passage
from bot.responder import Turn
from bot.text.catalogues import closest
from bot.understanding.language.segments import segments

_WORDS = 2
"""Fewest content words of a part of a question that is compared by itself."""


@dataclass(frozen=True, slots=True)
class UnitOffer:
    """What is offered.

    Attributes:
        asked: The question, and its parts where it has several.
        passages: Best first.
        units: In the order of the passages.
    """

    asked: tuple[str, ...]
    passages: tuple[Passage, ...]
    units: tuple[ArticleUnit, ...]


class UnitSearch:
    """Finds the units that a model chooses from.

    Args:
        search: Finds passages.
        nearness: Compares units with questions.
        joints: Words that join two requests, by language.
    """

    def __init__(
        self, search: ArticleSearch, nearness: Nearness, joints: Mapping[str, Sequence[str]]
    ) -> None:
        self._search = search
        self._nearness = nearness
        self._joints = joints

    async def offer(self, turn: Turn) -> UnitOffer:
        """Return what is offered for a turn, whose passages were found."""
        question = turn.question or completed(turn.scored, turn.conversation.turns)
        joints = self._joints.get(closest(turn.language, self._joints) or "", ())
        parts = [each.text for each in segments(turn.scored, joints)]
        parts = [part for part in parts if len(terms(part)) >= _WORDS and part != question]
        parts = parts if len(parts) > 1 or question != turn.scored else []
        passages = await self._search.more(turn, parts)
        units = await asyncio.to_thread(units_of, passages)
        return UnitOffer((question, *parts), passages, tuple(units))

    def nearness(self, offer: UnitOffer, language: str) -> NDArray[np.float64]:
        """Return how near the units are to what is asked, shape (n_asked, n_units)."""
        return self._nearness.scores(offer.asked, offer.passages, offer.units, language=language)
