"""Reads budgets and other bounds from the numbers of a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.answering.grounding.quantities import Quantity, measure
from bot.answering.grounding.units import CURRENCIES
from bot.answering.recommendations.catalogue import Attribute, Catalogue
from bot.answering.recommendations.lexicon import WishCue
from bot.answering.recommendations.phrases import Phrase
from bot.answering.recommendations.wish import PRICE, Constraint, Op

_BEFORE, _BEHIND = 4, 2
"""Phrases before and behind a number that bound it."""

_NEAR = 3
"""Phrases between a number and the name of its attribute."""

ABOUT_PRICE = 1.15
"""How much dearer than "about 100" a product may be."""

ROUGHLY = 0.2
"""How far a number may be off that is neither bounded nor better when lower or higher."""

_LEAST_PRICE = 5
"""Bare numbers below are counts, not budgets."""


@dataclass(slots=True)
class Numbers:
    """What the numbers of a message say.

    Attributes:
        near: The price that it is to be about; 0: none.
        currency: Currency of an amount that was read as one in the shop's; empty: none.
        understood: Positions of the phrases that were understood.
    """

    constraints: list[Constraint] = field(default_factory=list)
    near: float = 0.0
    currency: str = ""
    understood: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Bound:
    """How a number is bounded by the words around it; `op` is empty where it is not."""

    op: Op | str = ""
    about: bool = False
    phrases: tuple[int, ...] = ()


class NumberReader:
    """Reads the numbers of messages for one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._units = dict(_units(catalogue.attributes))
        self._choices = [e.name for e in catalogue.attributes.values() if e.type == "choice"]

    def read(self, phrases: Sequence[Phrase]) -> Numbers:
        """Return what the numbers of a message say."""
        found = Numbers()
        at = 0
        while at < len(phrases):
            number = phrases[at].number
            if number is not None:
                at = self._read(phrases, at, number, found)
            at += 1
        return found

    def _read(self, phrases: Sequence[Phrase], at: int, number: Quantity, found: Numbers) -> int:
        """Read a number, and the other end of its range; return the position of the last one."""
        bound = _bound(phrases, at, number)
        other = _other_end(phrases, at)
        about = self._about(phrases, at, number, bound)
        if about is None:
            return at
        found.understood |= {at, *bound.phrases}
        if other is not None and phrases[other].number is not None:
            end = phrases[other].number
            assert end is not None  # noqa: S101 - just looked at
            unit = end.unit or number.unit
            low, high = (self._value(about, each, unit, found) for each in (number, end))
            found.constraints.append(Constraint(about, "least", (min(low, high),)))
            found.constraints.append(Constraint(about, "most", (max(low, high),)))
            found.understood |= set(range(at, other + 1))
            return other
        if about != PRICE and self._catalogue.attributes[about].type == "choice":
            values = self._codes(about, number)
            found.constraints.append(Constraint(about, "is", values))
            return at
        self._add(about, self._value(about, number, number.unit, found), bound, found)
        return at

    def _add(self, about: str, value: float, bound: _Bound, found: Numbers) -> None:
        if about == PRICE:
            if bound.about:
                found.near = value
                value *= ABOUT_PRICE
            op = "least" if bound.op == "least" else "most"
        else:
            better = self._catalogue.attributes[about].better
            if not (better or bound.op):  # "a 40 litre pack": about as much
                least, most = sorted((value * (1 - ROUGHLY), value * (1 + ROUGHLY)))
                found.constraints.append(Constraint(about, "least", (least,)))
                found.constraints.append(Constraint(about, "most", (most,)))
                return
            op = bound.op or ("most" if better == "lower" else "least")
        found.constraints.append(Constraint(about, "most" if op == "most" else "least", (value,)))

    def _about(
        self, phrases: Sequence[Phrase], at: int, number: Quantity, bound: _Bound
    ) -> str | None:
        """Return what a number is about; None: nothing that products have."""
        if number.unit in CURRENCIES:
            return PRICE
        around = phrases[max(at - _NEAR, 0) : at + _NEAR + 1]
        named = [
            meaning.about
            for each in around
            if each.item is not None and each.segment == phrases[at].segment
            for meaning in each.item.of("attribute")
        ]
        by_unit = self._by_unit(phrases, number.unit)
        for name in named:
            attribute = self._catalogue.attributes[name]
            if attribute.type == "number" and (name in by_unit or not number.unit):
                return name
            if attribute.type == "choice" and not number.unit and self._codes(name, number):
                return name
        if by_unit:
            return by_unit[0]
        coded = [each for each in self._choices if self._codes(each, number)]
        if len(coded) == 1 and not (number.unit or bound.op or bound.about or named):
            return coded[0]
        asks_price = bound.op or bound.about or _says_budget(around)
        if not number.unit and asks_price and number.value >= _LEAST_PRICE:
            return PRICE
        return None

    def _by_unit(self, phrases: Sequence[Phrase], unit: str) -> list[str]:
        """Return the attributes with a unit, those of the named categories first."""
        categories = {
            meaning.about
            for each in phrases
            if each.item is not None
            for meaning in each.item.of("category")
        }
        used = self._catalogue.used_in

        def share(name: str) -> float:
            there = categories or used
            return -sum(used.get(each, {}).get(name, 0.0) for each in there)

        return sorted((n for n, (its, _) in self._units.items() if its == unit and unit), key=share)

    def _codes(self, attribute: str, number: Quantity) -> tuple[str, ...]:
        """Return the values of a choice that a number names: "42", and "39-42" for 40."""
        values = sorted(map(str, self._catalogue.values.get(attribute, ())))
        return tuple(each for each in values if _holds(each, number.value))

    def _value(self, about: str, number: Quantity, unit: str, found: Numbers) -> float:
        """Return a number in the unit of the catalogue."""
        if about != PRICE:
            return number.value / self._units.get(about, ("", 1.0))[1]
        currency = unit.upper() if unit in CURRENCIES else ""
        if not currency or currency == self._catalogue.currency:
            return number.value
        rate = self._catalogue.rates.get(currency)
        if rate is None:
            found.currency = currency
        return number.value * (rate or 1.0)


def _holds(code: str, number: float) -> bool:
    """Return whether a code is a number, or a range with it."""
    low, dash, high = code.partition("-")
    if dash and low.isdigit() and high.isdigit():
        return int(low) <= number <= int(high)
    return code.isdigit() and int(code) == number


def _units(attributes: Mapping[str, Attribute]) -> Iterator[tuple[str, tuple[str, float]]]:
    """Yield the canonical unit of each attribute with a number, and the factor to it."""
    for each in attributes.values():
        if each.type == "number":
            found = measure(f"1 {each.unit}").quantities if each.unit else ()
            unit, factor = (found[0].unit, found[0].value) if found else ("", 1.0)
            yield each.name, (unit, factor)


_BOUNDS = (
    (WishCue.AT_MOST, "most"),
    (WishCue.AT_LEAST, "least"),
    (WishCue.CHEAPER, "most"),
    (WishCue.LIGHTER, "most"),
    (WishCue.SMALLER, "most"),
    (WishCue.LARGER, "least"),
)
"""What bounds a number, and how; comparisons only before it: "lighter than 400 g"."""


def _bound(phrases: Sequence[Phrase], at: int, number: Quantity) -> _Bound:
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
                return _Bound(_turned(op) if _denied(phrases, place) else op, phrases=(place,))
        if phrase.item.cue(WishCue.ABOUT):
            return _Bound(about=True, phrases=(place,))
    return _Bound(number.bound)


def _denied(phrases: Sequence[Phrase], place: int) -> bool:
    """Return whether a bound is denied: "I don't want to spend more than 100"."""
    return any(
        each.item is not None and each.item.cue(WishCue.NOT)
        for each in phrases[max(place - _BEFORE, 0) : place]
        if each.segment == phrases[place].segment
    )


def _turned(op: str) -> str:
    return "least" if op == "most" else "most"


def _other_end(phrases: Sequence[Phrase], at: int) -> int | None:
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


def _says_budget(around: Sequence[Phrase]) -> bool:
    return any(each.item is not None and each.item.cue(WishCue.BUDGET) for each in around)
