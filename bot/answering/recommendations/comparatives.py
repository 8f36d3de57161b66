"""Reads "lighter", "cheaper than the Plume": less or more of something."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.meanings import Item, WishCue
from bot.answering.recommendations.phrases import Phrase
from bot.answering.recommendations.wish import PRICE

_BEHIND = 6
"""Phrases behind a comparison among which "than" and a product are looked for."""


def direction(
    item: Item, catalogue: Catalogue, kinds: Collection[str] = ()
) -> tuple[str, bool] | None:
    """Return the attribute that a comparative is about, and whether less of it is wanted.

    Args:
        item: What may be one.
        catalogue: Of the shop.
        kinds: The categories that are wanted: what their products have is meant; empty: any.
    """
    if item.cue(WishCue.CHEAPER, WishCue.DEARER):
        return PRICE, item.cue(WishCue.CHEAPER)
    for cues, units, lower in _BY_UNIT:
        if item.cue(cues):
            for attribute in catalogue.attributes.values():
                is_used = not kinds or catalogue.is_used(attribute.name, kinds)
                if attribute.type == "number" and attribute.unit.lower() in units and is_used:
                    return attribute.name, lower
    return None


_BY_UNIT = (
    (WishCue.LIGHTER, frozenset({"g", "kg", "oz", "lb"}), True),
    (WishCue.HEAVIER, frozenset({"g", "kg", "oz", "lb"}), False),
    (WishCue.WARMER, frozenset({"°c", "°f", "c", "f"}), True),
    (WishCue.LARGER, frozenset({"l", "cm", "m", "people", "persons", "person"}), False),
    (WishCue.SMALLER, frozenset({"l", "cm", "m", "people", "persons", "person"}), True),
)
"""The attribute that a comparative is about, by its unit, and whether less is wanted."""


def compared_with(phrases: Sequence[Phrase], at: int) -> tuple[str, ...]:
    """Return the ids of the products that a name behind "than" may mean; empty: none is named."""
    behind = [each.item for each in phrases[at + 1 : at + _BEHIND] if each.item is not None]
    than = next((number for number, each in enumerate(behind) if each.cue(WishCue.THAN)), None)
    if than is None:
        return ()
    for item in behind[than + 1 :]:
        for name in item.of("name"):
            return tuple(str(each) for each in name.values)
    return ()
