"""Chooses among products that fit: by meaning, soft wishes, and so that they differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answering.recommendations.columns import Mask
from bot.answering.recommendations.index import EncodesProducts, ProductIndex, Vectors
from bot.answering.recommendations.wish import CATEGORY, PRICE, Constraint, Wish

MEANING, WORDS, SOFT, DIRECTION, NEAR, LIKE, CLOSE = 1.0, 0.25, 0.12, 0.5, 0.4, 0.6, 0.1
"""Weights: similarity to what was written; share of its rare words; each soft wish; less or more
of an attribute; nearness to the price; to the liked products; to the least number.
Set by hand, not fitted."""

CHILDREN = 0.3
"""How much counts against what is made for children alone, where nobody said for whom it is."""

ALIKE = 0.25
"""How much the similarity to a product that is shown already counts against another one."""

_LOOKED_AT = 40
"""Best products among which those that differ are chosen."""

Scores = NDArray[np.float64]
"""One for each product."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Products for a wish.

    Attributes:
        rows: Positions in the catalogue, the best first.
        state: They surely fit; they may; they are sold out; there is nothing.
        count: How many there are altogether.
    """

    rows: tuple[int, ...]
    state: str
    count: int


class Ranking:
    """Ranks the products of one catalogue.

    Args:
        index: The catalogue.
        encoders: Compare messages with products; None: words alone do.
    """

    def __init__(self, index: ProductIndex, encoders: EncodesProducts | None) -> None:
        self._index = index
        self._encoders = encoders

    def choose(
        self, wish: Wish, language: str, most: int, *, without: Iterable[str] = ()
    ) -> Ranked:
        """Return the products to show: those that surely fit, else the next best kind."""
        columns = self._index.columns
        fits = columns.fits(wish.constraints)
        hidden = self._rows(without)
        for state, there in (
            ("fits", fits.fits),
            ("unsure", fits.open),
            ("sold_out", fits.sold_out),
        ):
            if state == "sold_out" and self._names_variant(wish):
                break
            candidates = np.flatnonzero(there & ~hidden)
            if len(candidates):
                rows = self._best(candidates, wish, language, most)
                return Ranked(rows, state, len(candidates))
        return Ranked((), "none", 0)

    def dropping(self, wish: Wish) -> list[tuple[Constraint, int]]:
        """Return the constraints without which something fits, those that give most first."""
        found = []
        for each in wish.constraints:
            rest = [other for other in wish.constraints if other is not each]
            count = int(self._index.columns.fits(rest).fits.sum())
            if count:
                found.append((each, count))
        return sorted(found, key=lambda pair: (pair[0].about == CATEGORY, -pair[1]))

    def _rows(self, ids: Iterable[str]) -> Mask:
        hidden = frozenset(ids)
        products = self._index.catalogue.products
        if not hidden:
            return np.zeros(len(products), dtype=bool)
        return np.array([each.id in hidden for each in products], dtype=bool)

    def _names_variant(self, wish: Wish) -> bool:
        """Return whether the customer named a size or the like, which must be in stock."""
        varying = self._index.catalogue.by_variant
        return any(each.about in varying and each.op != "not" for each in wish.constraints)

    def _best(
        self, candidates: NDArray[np.int64], wish: Wish, language: str, most: int
    ) -> tuple[int, ...]:
        vectors = self._vectors(language)
        scores = self._scores(wish, language, vectors, candidates)
        order = candidates[np.argsort(-scores[candidates], kind="stable")][:_LOOKED_AT]
        return tuple(_diverse(order, scores, vectors, most))

    def _vectors(self, language: str) -> Vectors | None:
        return self._index.vectors(self._encoders, language) if self._encoders else None

    def _scores(
        self,
        wish: Wish,
        language: str,
        vectors: Vectors | None,
        candidates: NDArray[np.int64],
    ) -> Scores:
        columns = self._index.columns
        scores = WORDS * self._index.rare_words(wish.texts)
        if vectors is not None and self._encoders is not None and wish.texts:
            asked = self._encoders.message(" ".join(wish.texts), language)[0]
            scores += MEANING * (vectors @ asked)
        for each in wish.soft:
            scores += SOFT * columns.share(each)
        for names, sign in ((wish.lower, -1.0), (wish.higher, 1.0)):
            for name in names:
                scores += DIRECTION * _share(sign * columns.numbers(name), candidates)
        if wish.near:
            scores -= NEAR * np.abs(columns.cheapest() - wish.near) / wish.near
        for each in wish.constraints:
            if each.op == "least" and each.about != PRICE:
                scores += CLOSE * _share(-columns.numbers(each.about), candidates)
        people = self._index.catalogue.for_whom
        if not any(each.about in people and each.op == "is" for each in wish.constraints):
            scores -= CHILDREN * self._index.for_children
        return scores + self._liked(wish, vectors)

    def _liked(self, wish: Wish, vectors: Vectors | None) -> Scores:
        rows = np.flatnonzero(self._rows(wish.like))
        nothing = np.zeros(len(self._index.catalogue.products))
        if vectors is None or not len(rows):
            return nothing
        similar: Scores = LIKE * (vectors @ vectors[rows].mean(axis=0)).astype(np.float64)
        similar[rows] -= 1.0  # others than these are wanted
        return similar


def _share(numbers: Scores, candidates: NDArray[np.int64]) -> Scores:
    """Return where among the candidates each number stands, in [0, 1]; 0 for what is not known."""
    known = numbers[candidates]
    low, high = np.nanmin(known, initial=np.inf), np.nanmax(known, initial=-np.inf)
    if not high > low:
        return np.zeros(len(numbers))
    return np.nan_to_num((numbers - low) / (high - low), nan=0.0).clip(0.0, 1.0)


def _diverse(
    order: Sequence[int] | NDArray[np.int64], scores: Scores, vectors: Vectors | None, most: int
) -> list[int]:
    """Choose the best, then those that are good and unlike those chosen.

    Source: maximal marginal relevance, Carbonell and Goldstein 1998, doi:10.1145/290941.291025.
    """
    left = [int(each) for each in order]
    chosen = left[:1]
    del left[:1]
    while left and len(chosen) < most:
        worth = [float(scores[row]) - ALIKE * _nearest(row, chosen, vectors) for row in left]
        chosen.append(left.pop(int(np.argmax(worth))))
    return chosen


def _nearest(row: int, chosen: Sequence[int], vectors: Vectors | None) -> float:
    if vectors is None:
        return 0.0
    return float((vectors[list(chosen)] @ vectors[row]).max())
