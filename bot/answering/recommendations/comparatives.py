"""Reads "lighter", "cheaper than the Plume": less or more of something."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.meanings import Item, WishCue
from bot.answering.recommendations.phrases import Phrase
from bot.answering.recommendations.wish import PRICE

_BEHIND = 6
"""Phrases around a comparison among which "than" and a product are looked for."""


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
    """Return the ids of the products that a name behind "than" may mean; empty: none is named.

    In Chinese it stands before the comparative: 比Plume便宜.
    """
    first = max(at - _BEHIND, 0)
    for place, phrase in enumerate(phrases[first : at + _BEHIND], start=first):
        if phrase.item is None or not phrase.item.cue(WishCue.THAN):
            continue
        for item in (each.item for each in phrases[place + 1 : place + 1 + _BEHIND]):
            for name in item.of("name") if item is not None else ():
                return tuple(str(each) for each in name.values)
    return ()
