"""Finds the kind of product that a customer means without naming it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from bot.answering.recommendations.index import EncodesProducts, ProductIndex, Vectors
from bot.answering.recommendations.reading import Reading
from bot.answering.recommendations.wish import CATEGORY, Constraint
from bot.understanding.language.normalise import normalise
from bot.understanding.language.segments import segments

USE, WORDS, FITS = 1.0, 0.15, 0.3
"""Weights beside the similarity of the best product: of the most similar use of a category, of the
share of the message's rare words in a product's texts, and of what surely or maybe fits. Set by
hand on sentences of our own."""

LEAST = 0.45
"""Similarity to a use from which its category is meant. On 68 sentences about what the example shop
sells all but three are above it, and all of 30 about what it does not sell are below."""

TOLD = 2
"""Attributes that a message asks for from which it is surely about something that is sold."""

SHORT = 12
"""Characters up to which a part of a message is not looked at by itself."""

MOST_OFFERED = 3
"""Categories that a customer is asked to choose from."""


def read_with_kind(
    index: ProductIndex,
    text: str,
    language: str,
    encoders: EncodesProducts,
    *,
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
        context: Categories that were wanted before.
    """
    reading = index.read(text, language, encoders, context=context)
    if reading.categories or context:
        return reading
    kinds: list[str] = []
    is_sure = False
    if index.tells_kind(text, language):
        kinds, is_sure = _kinds(index, reading, text, language, encoders)
    if reading.places and not is_sure:
        return replace(reading, constraints=(*reading.places[:1], *reading.constraints))
    if not is_sure:
        return replace(reading, may_mean=tuple(kinds[:MOST_OFFERED]))
    # what numbers and values mean depends on the kind
    again = index.read(text, language, encoders, context=kinds[:1])
    wanted = Constraint(CATEGORY, "is", tuple(kinds[:1]))
    return replace(again, constraints=(wanted, *again.constraints))


def _kinds(
    index: ProductIndex, reading: Reading, text: str, language: str, encoders: EncodesProducts
) -> tuple[list[str], bool]:
    """Return the categories by how much a message is like them, and whether the first is meant."""
    vectors, uses = index.vectors(encoders, language), index.uses(encoders, language)
    if vectors is None or uses is None:
        return [], False
    asked = encoders.message(text, language)[0]
    parts = [each.text for each in segments(normalise(text)) if len(each.text) > SHORT]
    said = np.vstack([asked, encoders.products(parts, language)]) if len(parts) > 1 else asked[None]
    fits = index.columns.fits(reading.constraints)
    there = fits.fits | fits.open
    similar = vectors @ asked + WORDS * index.rare_words([text]) + FITS * there
    for each in reading.soft:  # what only some kind has, tells which kind is meant
        similar += FITS * index.columns.share(each)
    names, own = index.categories
    products = np.full(len(names), -1.0)
    np.maximum.at(products, own, similar)
    best = _best(uses[0], (said @ uses[1].T).max(axis=0))
    scores = {
        name: float(each) + USE * best.get(name, 0.0)
        for name, each in zip(names, products, strict=True)
    }
    others = [name for name in scores if name not in reading.owned] or list(scores)
    fitting = {names[each] for each in own[there]}
    if _told(index, reading) >= TOLD:  # a kind of which nothing fits is hardly meant
        others = [name for name in others if name in fitting] or others
    kinds = sorted(others, key=lambda name: -scores[name])
    only = list(fitting) if len(fitting) == 1 and _told(index, reading) else []
    is_sure = best.get(kinds[0], 0.0) >= LEAST or bool(only) or _told(index, reading) >= TOLD
    return only or kinds, is_sure


def _told(index: ProductIndex, reading: Reading) -> int:
    """Return how many attributes a message asks for."""
    return sum(each.about in index.catalogue.attributes for each in reading.constraints)


def _best(names: Sequence[str], scores: Vectors) -> dict[str, float]:
    """Return the highest score of each name."""
    found: dict[str, float] = {}
    for name, each in zip(names, scores, strict=True):
        found[name] = max(found.get(name, -1.0), float(each))
    return found
