"""Finds the kind of product that a customer means without naming it."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.recommendations.index import EncodesProducts, ProductIndex
from bot.answering.recommendations.ranking import Ranking
from bot.answering.recommendations.wish import CATEGORY, Constraint, Wish


def with_kind(
    wish: Wish, text: str, language: str, index: ProductIndex, encoders: EncodesProducts | None
) -> Wish:
    """Return a wish with the category of the product that fits best, where none is named.

    "Something to carry a lunch box in" is better answered by backpacks alone than by the three
    products that come nearest. Customers see the category as a constraint, and can take it away.

    Args:
        wish: What is wanted.
        text: The message.
        language: Its BCP 47 tag.
        index: The products.
        encoders: Compare messages with products.
    """
    if wish.categories or not index.tells_kind(text, language):
        return wish
    ranked = Ranking(index, encoders).choose(wish, language, 1)
    if not ranked.rows:
        return wish
    category = index.catalogue.products[ranked.rows[0]].category
    return replace(wish, constraints=(*wish.constraints, Constraint(CATEGORY, "is", (category,))))
