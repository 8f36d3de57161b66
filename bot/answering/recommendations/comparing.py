"""Reads "lighter", and "cheaper than the Plume": less than another product has."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.recommendations.catalogue import Catalogue, Product, all_values
from bot.answering.recommendations.comparatives import compared_with, direction
from bot.answering.recommendations.meanings import Item, WishCue
from bot.answering.recommendations.phrases import Phrase
from bot.answering.recommendations.scope import Found, Scope, named_elsewhere
from bot.answering.recommendations.wish import PRICE, Constraint

_STEP = 1e-6
"""Share of a number by which less than it is less."""


class Comparisons:
    """Reads the comparatives of messages.

    Args:
        catalogue: Of the shop.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def read(self, phrases: Sequence[Phrase], at: int, scope: Scope, found: Found) -> bool:
        """Read a phrase as a comparative; return whether it is one."""
        item = phrases[at].item
        if item is None:
            return False
        about, lower = direction(item, self._catalogue, found.kinds) or ("", False)
        warms = item.cue(WishCue.WARMER)
        if not about or (warms and not found.kinds):
            return self._warms(found) if warms else False
        if item.of("category") and not named_elsewhere(phrases, at, "category"):
            return False  # "a light" is a lamp, "a light jacket" is none
        if item.cue(WishCue.DEARER, WishCue.HEAVIER):  # "not expensive" wants less
            lower = scope.negated
        scope.negated = False  # "not too heavy" wants less as well
        product = self._compared_with(phrases, at, found)
        if product is None:
            (found.lower if lower else found.higher).append(about)
        else:
            self._add(product, about, found, lower=lower)
        return True

    def _add(self, product: Product, about: str, found: Found, *, lower: bool) -> None:
        numbers = [product.price] if about == PRICE else all_values(product, about)
        if numbers:
            value = float(min(map(float, numbers)))
            step = max(abs(value) * _STEP, _STEP)
            bound = value - step if lower else value + step
            found.add(Constraint(about, "most" if lower else "least", (bound,)))

    def _warms(self, found: Found) -> bool:
        """Read "warm" where products have no temperature: those that are made to be warm."""
        switches = self._catalogue.warm_switches
        found.implied += [Constraint(each, "is", (True,)) for each in switches]
        return True

    def _compared_with(self, phrases: Sequence[Phrase], at: int, found: Found) -> Product | None:
        """Return the product beside "than"; others are to be like it."""
        by_id = self._catalogue.by_id
        every = [each for each in compared_with(phrases, at) if each in by_id]
        ids = [each for each in every if by_id[each].category in found.kinds] or every
        if len(ids) != 1:
            return None
        found.like += ids
        return by_id[ids[0]]


def is_compared(item: Item) -> bool:
    """Return whether a phrase says that more or less of something is wanted."""
    return item.cue(
        WishCue.LIGHTER, WishCue.WARMER, WishCue.LARGER, WishCue.SMALLER, WishCue.CHEAPER
    )
