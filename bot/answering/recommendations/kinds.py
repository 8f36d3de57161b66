"""Finds the kind of product that a customer means without naming it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.answering.recommendations.index import EncodesProducts, ProductIndex
from bot.answering.recommendations.ranking import Ranking
from bot.answering.recommendations.reading import Reading
from bot.answering.recommendations.wish import CATEGORY, Constraint, Wish

_LOOKED_AT = 8
"""Best products among which the kind is chosen."""


def read_with_kind(
    index: ProductIndex,
    text: str,
    language: str,
    encoders: EncodesProducts,
    *,
    negated: Sequence[str] = (),
    context: Collection[str] = (),
) -> Reading:
    """Return what a message says, with the category of the best product where it names none.

    "Something to carry a lunch box in" is better answered by backpacks alone than by the three
    products that come nearest. Customers see the category as a constraint, and can take it away.

    Args:
        index: The products.
        text: What a customer wrote.
        language: Its BCP 47 tag.
        encoders: Compare messages with products.
        negated: Segments that say what is not wanted.
        context: Categories that were wanted before.
    """
    reading = index.read(text, language, encoders, negated=negated, context=context)
    if reading.categories or context or not index.tells_kind(text, language):
        return reading
    kind = _kind(index, reading, text, language, encoders)
    if not kind:
        return reading
    # what numbers and values mean depends on the kind
    again = index.read(text, language, encoders, negated=negated, context=(kind,))
    wanted = Constraint(CATEGORY, "is", (kind,))
    return replace(again, constraints=(wanted, *again.constraints))


def _kind(
    index: ProductIndex, reading: Reading, text: str, language: str, encoders: EncodesProducts
) -> str:
    """Return the category of the best product, rather one that they do not have; empty: none."""
    wish = Wish(constraints=reading.constraints, soft=reading.soft, texts=(text,))
    ranked = Ranking(index, encoders).choose(wish, language, _LOOKED_AT)
    kinds = [index.catalogue.products[row].category for row in ranked.rows]
    others = [each for each in kinds if each not in reading.owned]
    return next(iter(others or kinds), "")
