"""Reads how the words around a number bound it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.comparatives import direction
from bot.answering.recommendations.meanings import WishCue
from bot.answering.recommendations.measured import Measured
from bot.answering.recommendations.phrases import Phrase
from bot.answering.recommendations.wish import PRICE, Op

_BEFORE, _BEHIND = 4, 5
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
    (WishCue.DEARER, "least"),
    (WishCue.HEAVIER, "least"),
    (WishCue.THAN, "least"),
)
"""What bounds a number, and how; comparisons only before it: "lighter than 400 g"."""


def bound_of(
    phrases: Sequence[Phrase],
    at: int,
    number: Measured,
    catalogue: Catalogue,
    kinds: Collection[str],
) -> Bound:
    """Return how a number is bounded: the nearest word before it, else one behind."""
    if number.bound:
        return Bound(number.bound)
    for place in range(at - 1, max(at - _BEFORE, 0) - 1, -1):
        if phrases[place].item is None:
            break
        if phrases[place].segment == phrases[at].segment and (
            found := _bound(phrases, place, _BOUNDS, catalogue, kinds)
        ):
            return found
    for place in range(at + 1, min(at + _BEHIND, len(phrases) - 1) + 1):
        behind = phrases[place]
        if behind.number is not None or behind.segment != phrases[at].segment:
            break
        if _before_number(phrases, place):
            break
        if found := _bound(phrases, place, _BOUNDS[:2], catalogue, kinds, is_behind=True):
            return found
    return Bound()


def _bound(
    phrases: Sequence[Phrase],
    place: int,
    bounds: Sequence[tuple[WishCue, str]],
    catalogue: Catalogue,
    kinds: Collection[str],
    *,
    is_behind: bool = False,
) -> Bound | None:
    """Return how a phrase bounds the number beside it; None: it does not."""
    item = phrases[place].item
    if item is None:
        return None
    if item.cue(WishCue.ABOUT):
        return Bound(about=True, phrases=(place,))
    cue, op = next(((cue, op) for cue, op in bounds if item.cue(cue)), (None, ""))
    if cue is None:
        return None
    if cue == WishCue.THAN:  # "lighter than", "brighter than": which one stands before it
        before = range(place - 1, max(place - _BEFORE, 0) - 1, -1)
        named = (_bound(phrases, each, _BOUNDS[:-1], catalogue, kinds) for each in before)
        if found := next(filter(None, named), None):
            return found
        compared = tuple(_compared(phrases, place, catalogue))
        return Bound(_than(compared, catalogue), phrases=(place,), compared=compared)
    about = direction(item, catalogue, kinds)
    compared = (about[0],) if about and about[0] != PRICE else ()
    denied = _denied(phrases, place)
    denied = denied or (op == "least" and not is_behind and _denied_behind(phrases, place))
    return Bound(_turned(op) if denied else op, phrases=(place,), compared=compared)


def _compared(phrases: Sequence[Phrase], place: int, catalogue: Catalogue) -> Iterator[str]:
    """Yield the attribute with a number that is named right before "than": "brighter than"."""
    item = phrases[place - 1].item if place else None
    for each in item.of("attribute") if item is not None else ():
        if catalogue.attributes[each.about].type == "number":
            yield each.about


def _than(compared: Sequence[str], catalogue: Catalogue) -> str:
    lower = any(catalogue.attributes[each].better == "lower" for each in compared)
    return "most" if lower else "least"


def _before_number(phrases: Sequence[Phrase], place: int) -> bool:
    """Return whether a phrase bounds the next number: "2 people, under 300", "under a hundred"."""
    behind = phrases[place + 1 : place + 3]
    if behind and behind[0].item is not None and not behind[0].item.meanings:
        behind = behind[1:]
    return bool(behind) and behind[0].number is not None


def _denied(phrases: Sequence[Phrase], place: int) -> bool:
    """Return whether a bound is denied: "I don't want to spend more than 100"."""
    for each in reversed(phrases[max(place - _BEFORE, 0) : place]):
        if each.segment != phrases[place].segment or each.item is None:
            return False
        if each.item.cue(WishCue.NOT):
            return True
        if each.item.of("value") and not each.item.of("cue"):
            return False  # "no orange & max 100"
    return False


def _denied_behind(phrases: Sequence[Phrase], place: int) -> bool:
    """Return whether a denial closes the segment of a bound: "Mehr als 100 will ich nicht"."""
    behind = [e.item for e in phrases[place:] if e.segment == phrases[place].segment and e.item]
    at = next((n for n, each in enumerate(behind) if each.cue(WishCue.NOT)), None)
    return at is not None and all(e.of("cue") or not e.meanings for e in behind[at:])


def _turned(op: str) -> str:
    return "least" if op == "most" else "most"


def other_end(phrases: Sequence[Phrase], at: int) -> int | None:
    """Return the position of the number that a range goes to: "100 to 150", "100-150"."""
    for place in range(at + 1, min(at + 3, len(phrases))):
        phrase = phrases[place]
        if phrase.number is not None:
            return place if place > at + 1 or _dashed(phrases[at], phrase) else None
        same = phrase.segment == phrases[at].segment  # "Size 128. Up to 90 euros"
        joins = same and phrase.item is not None and phrase.item.cue(WishCue.TO)
        if not (joins or _between(phrases, at)):
            return None
    return None


def _dashed(one: Phrase, other: Phrase) -> bool:
    """Return whether two numbers side by side are a range: "100-150", but not "five (3 kids)"."""
    return one.segment == other.segment and one.raw[-1:].isdigit() and other.raw[:1].isdigit()


def _between(phrases: Sequence[Phrase], at: int) -> bool:
    """Return whether "between" stands beside two numbers."""
    around = phrases[max(at - 2, 0) : at + 5]
    return any(each.item is not None and each.item.cue(WishCue.BETWEEN) for each in around)


def says_budget(around: Sequence[Phrase]) -> bool:
    """Return whether some phrase is about what a customer wants to spend."""
    return any(each.item is not None and each.item.cue(WishCue.BUDGET) for each in around)
