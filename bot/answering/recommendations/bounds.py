"""Reads how the words around a number bound it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.answering.grounding.quantities import Quantity
from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.comparatives import direction
from bot.answering.recommendations.meanings import WishCue
from bot.answering.recommendations.phrases import Phrase
from bot.answering.recommendations.wish import PRICE, Op

_BEFORE, _BEHIND = 4, 2
"""Phrases before and behind a number that bound it."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How a number is bounded by the words around it; `op` is empty where it is not."""

    op: Op | str = ""
    about: bool = False
    phrases: tuple[int, ...] = ()
    compared: tuple[str, ...] = ()


_BOUNDS = (
    (WishCue.AT_MOST, "most"),
    (WishCue.AT_LEAST, "least"),
    (WishCue.CHEAPER, "most"),
    (WishCue.LIGHTER, "most"),
    (WishCue.SMALLER, "most"),
    (WishCue.LARGER, "least"),
)
"""What bounds a number, and how; comparisons only before it: "lighter than 400 g"."""


def bound_of(
    phrases: Sequence[Phrase],
    at: int,
    number: Quantity,
    catalogue: Catalogue,
    kinds: Collection[str],
) -> Bound:
    """Return how a number is bounded: the nearest word before it, else one behind."""
    before = range(at - 1, max(at - _BEFORE, 0) - 1, -1)
    behind = range(at + 1, min(at + _BEHIND, len(phrases) - 1) + 1)
    for place in (*before, *behind):
        phrase = phrases[place]
        if phrase.item is None and place < at:
            break
        if phrase.item is None or phrase.segment != phrases[at].segment:
            continue
        if place > at and place + 1 < len(phrases) and phrases[place + 1].number is not None:
            break  # it bounds the next number
        for cue, op in _BOUNDS if place < at else _BOUNDS[:2]:
            if phrase.item.cue(cue):
                about = direction(phrase.item, catalogue, kinds)
                compared = (about[0],) if about and about[0] != PRICE else ()
                turned = _turned(op) if _denied(phrases, place) else op
                return Bound(turned, phrases=(place,), compared=compared)
        if phrase.item.cue(WishCue.ABOUT):
            return Bound(about=True, phrases=(place,))
    return Bound(number.bound)


def _denied(phrases: Sequence[Phrase], place: int) -> bool:
    """Return whether a bound is denied: "I don't want to spend more than 100"."""
    return any(
        each.item is not None and each.item.cue(WishCue.NOT)
        for each in phrases[max(place - _BEFORE, 0) : place]
        if each.segment == phrases[place].segment
    )


def _turned(op: str) -> str:
    return "least" if op == "most" else "most"


def other_end(phrases: Sequence[Phrase], at: int) -> int | None:
    """Return the position of the number that a range goes to: "100 to 150", "100-150"."""
    for place in range(at + 1, min(at + 3, len(phrases))):
        phrase = phrases[place]
        if phrase.number is not None:
            return place if place > at + 1 or phrases[at].segment == phrase.segment else None
        joins = phrase.item is not None and phrase.item.cue(WishCue.TO)
        if not (joins or _between(phrases, at)):
            return None
    return None


def _between(phrases: Sequence[Phrase], at: int) -> bool:
    """Return whether "between" stands beside two numbers."""
    around = phrases[max(at - _BEHIND, 0) : at + _BEHIND + 3]
    return any(each.item is not None and each.item.cue(WishCue.BETWEEN) for each in around)


def says_budget(around: Sequence[Phrase]) -> bool:
    """Return whether some phrase is about what a customer wants to spend."""
    return any(each.item is not None and each.item.cue(WishCue.BUDGET) for each in around)
