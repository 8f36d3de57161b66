"""The sentences nearest to the question are shown word for word; no GPT is asked.

A small local model chooses worse than the encoder ranks (docs/decisions/0024-selection.md), so
`gpt.chooser` puts the ranking in its place.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import numpy as np

from bot.answering.knowledge.search import ArticleSearch, article_of
from bot.answering.selection.answer import SelectedAnswer
from bot.answering.selection.offer import UnitOffer, UnitSearch
from bot.messages import Cite, DecisionKind, Part, Say
from bot.ports import Wording
from bot.responder import Turn
from bot.stages.quote import visibility_of

MOST = 5
"""Units that are shown for each part of a question, before what comes along with them. Found on
benchmarks/field/build/trades."""


class SelectNearest:
    """Shows the units of the best article that are nearest to the question.

    Args:
        search: Finds passages, and says whether one is near enough to be quoted.
        units: Cuts them into units, and ranks those.
        wording: The phrases between the units.
    """

    def __init__(self, search: ArticleSearch, units: UnitSearch, wording: Wording) -> None:
        self._search = search
        self._units = units
        self._wording = wording

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Answer where an article is near enough to be quoted; else pass on."""
        turn = await self._search.find(turn)
        yield turn
        if self._search.quotable(turn) is None:
            return
        offer = await self._units.offer(turn)
        if not offer.units:
            return
        visibility = visibility_of(offer.passages)
        answer = SelectedAnswer(offer.passages, offer.units, self._wording, turn.language)
        for part, unit in await asyncio.to_thread(self._nearest, offer, turn.language):
            if text := answer.add(part, unit):
                yield Say(text, visibility)
        yield Cite(answer.sources())
        yield turn.decide(
            DecisionKind.QUOTED, f"the {len(answer.shown)} sentences nearest to the question"
        )

    def _nearest(self, offer: UnitOffer, language: str) -> list[tuple[int, int]]:
        """Return what is shown: parts of the question, counted from 1, with units, from 0."""
        articles = np.array(
            [article_of(offer.passages[unit.passage].citation) for unit in offer.units]
        )
        every = self._units.nearness(offer, language)
        scores = every[1:] if len(every) > 1 else every
        found: list[tuple[int, int]] = []
        for part, each in enumerate(scores, start=1):
            within = np.flatnonzero(articles == articles[each.argmax()])
            nearest = within[np.argsort(-each[within])[:MOST]]
            found += [(part, unit) for unit in sorted(nearest.tolist())]
        return found
