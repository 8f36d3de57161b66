"""Finds the kind of product that a customer means without naming it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from bot.answering.recommendations.index import EncodesProducts, ProductIndex
from bot.answering.recommendations.reading import Reading
from bot.answering.recommendations.wish import CATEGORY, Constraint

USE, WORDS = 1.0, 0.5
"""Weights beside the similarity of the best product: of the most similar use of a category, and of
the share of the message's rare words in a product's texts. Set by hand on sentences of our own."""


def read_with_kind(
    index: ProductIndex,
    text: str,
    language: str,
    encoders: EncodesProducts,
    *,
    negated: Sequence[str] = (),
    context: Collection[str] = (),
) -> Reading:
    """Return what a message says, with the category that it means where it names none.

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
    """Return the category whose uses and products are most like a message; empty: none is known."""
    vectors = index.vectors(encoders, language)
    if vectors is None:
        return ""
    asked = encoders.message(text, language)[0]
    fits = index.columns.fits(reading.constraints)
    similar = vectors @ asked + WORDS * index.rare_words([text])
    scores: dict[str, float] = {}
    for row in np.flatnonzero(fits.fits | fits.open):
        category = index.catalogue.products[row].category
        scores[category] = max(scores.get(category, -1.0), float(similar[row]))
    if (uses := index.uses(encoders, language)) is not None:
        best: dict[str, float] = {}
        for name, each in zip(uses[0], uses[1] @ asked, strict=True):
            best[name] = max(best.get(name, -1.0), float(each))
        scores = {name: each + USE * best.get(name, 0.0) for name, each in scores.items()}
    others = {name: each for name, each in scores.items() if name not in reading.owned} or scores
    return max(others, key=lambda name: others[name], default="")
