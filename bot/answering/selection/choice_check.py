"""Checks what a model chose: a unit is shown only where it is near enough to the question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge.search import article_of
from bot.answering.selection.units import ArticleUnit
from bot.ports import Passage

NEAREST = 10
"""How many of the units nearest to a text are near enough by themselves."""

SAME_SUBJECT = 3.0
"""Log-odds below the best article's nearest unit from which an article is about something else."""

BESIDE = 8.0
"""Log-odds below the best unit from which a unit is too far, in the article of a near one too.
These three were found on benchmarks/field/build/trades."""


class ChoiceCheck:
    """Admits the chosen units of one answer, in the order in which they are chosen.

    A unit is near where it is among the nearest to the question or to one of its parts, of the
    articles that are about it. Another unit of an article that a near one was chosen from is
    admitted as well, unless it is far: an answer mostly needs more than its nearest sentence. Such
    a unit waits until the near one was chosen.

    Args:
        nearness: Log-odds of each text and unit, as of `Nearness.scores`.
        passages: What the units stand in.
        units: What is offered.
    """

    def __init__(
        self,
        nearness: NDArray[np.float64],
        passages: Sequence[Passage],
        units: Sequence[ArticleUnit],
    ) -> None:
        self._articles = [article_of(passages[unit.passage].citation) for unit in units]
        self._near = _near(nearness, np.array(self._articles))
        best = nearness.max(axis=0)
        self._far = best < best.max() - BESIDE
        self._admitted: set[str] = set()
        self._waiting: list[int] = []

    def add(self, unit: int) -> Iterator[int]:
        """Yield the units that are admitted now that one more was chosen; counted from 0."""
        article = self._articles[unit]
        if self._near[unit]:
            self._admitted.add(article)
        if article not in self._admitted:
            self._waiting.append(unit)
            return
        beside = [each for each in self._waiting if self._articles[each] == article]
        self._waiting = [each for each in self._waiting if each not in beside]
        for each in (*beside, unit):
            if self._near[each] or not self._far[each]:
                yield each


def _near(nearness: NDArray[np.float64], articles: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Return which units are among the nearest to a text; shape (n_units,)."""
    found = np.zeros(len(articles), dtype=bool)
    for scores in nearness:
        best = {article: scores[articles == article].max() for article in np.unique(articles)}
        about = [article for article in best if best[article] >= scores.max() - SAME_SUBJECT]
        among = np.flatnonzero(np.isin(articles, about))
        found[among[np.argsort(-scores[among])[:NEAREST]]] = True
    return found
