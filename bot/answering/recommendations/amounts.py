"""Reads budgets and other bounds from the numbers of a message."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.answering.grounding.quantities import Quantity, measure
from bot.answering.grounding.units import CURRENCIES
from bot.answering.recommendations.bounds import Bound, bound_of, other_end, says_budget
from bot.answering.recommendations.catalogue import Attribute, Catalogue
from bot.answering.recommendations.phrases import Phrase
from bot.answering.recommendations.rates import rough_rate
from bot.answering.recommendations.wish import PRICE, Constraint

_NEAR = 3
"""Phrases between a number and the name of its attribute."""

ROUGHLY, ROUGH_PRICE = 0.1, 0.2
"""How far a number may be off that is "about", or neither bounded nor better either way; a price
may be twice as far."""

_DEGREES, _PEOPLE, _MOST_PEOPLE = "degree", frozenset({"people", "persons", "person"}), 12
"""Canonical unit of temperatures; units of how many people something is for, and the most."""

_STEP = 1e-6
"""Share of a number by which more than it is more."""

_OFF = 3.0
"""Factor by which a number may be off what products have, for it to be about that at all."""

_LEAST_PRICE = 5
"""Bare numbers below are counts, not budgets."""


@dataclass(slots=True)
class Numbers:
    """What the numbers of a message say.

    Attributes:
        near: The price that it is to be about; 0: none.
        currency: Currency of an amount that was read as one in the shop's; empty: none.
        understood: Positions of the phrases that were understood.
        last: What the last number was about; empty: none was.
    """

    constraints: list[Constraint] = field(default_factory=list)
    near: float = 0.0
    currency: str = ""
    understood: set[int] = field(default_factory=set)
    last: str = ""


class NumberReader:
    """Reads the numbers of one message.

    Args:
        catalogue: Of the shop.
        context: Categories that were wanted before.
    """

    def __init__(self, catalogue: Catalogue, context: Collection[str] = ()) -> None:
        self._catalogue = catalogue
        self._context = frozenset(context)
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
        bound = bound_of(phrases, at, number, self._catalogue, self._kinds(phrases))
        other = other_end(phrases, at)
        if other is not None and not number.unit:
            end = phrases[other].number
            number = replace(number, unit=end.unit if end else "")
        about = self._about(phrases, at, number, bound, found)
        if about is None:
            return at
        found.understood |= {at, *bound.phrases}
        if about == found.last and not bound.op and _joined(phrases, at):
            return at  # "for 2 or 3": what fits two fits
        found.last = about
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
        value = self._value(about, number, number.unit, found)
        if bound.compared:  # "bigger than 20" is more than 20
            value += max(abs(value) * _STEP, _STEP) * (1 if bound.op == "least" else -1)
        self._add(about, value, bound, found)
        return at

    def _add(self, about: str, value: float, bound: Bound, found: Numbers) -> None:
        if about == PRICE:
            if bound.about:
                found.near = value
                found.constraints.append(Constraint(PRICE, "least", (value * (1 - ROUGH_PRICE),)))
                value *= 1 + ROUGH_PRICE
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
        self,
        phrases: Sequence[Phrase],
        at: int,
        number: Quantity,
        bound: Bound,
        found: Numbers,
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
        by_unit, kinds = self._by_unit(phrases, number.unit), self._kinds(phrases)
        for name in (*bound.compared, *named):
            attribute = self._catalogue.attributes[name]
            fits_here = not number.unit and self._is_plausible(name, number.value, kinds)
            if attribute.type == "number" and (name in by_unit or fits_here):
                return name
            if attribute.type == "choice" and not number.unit and self._codes(name, number):
                return name
        if by_unit:
            return by_unit[0]
        if not number.unit and (bare := self._bare(phrases, number, bound, found)):
            return bare
        coded = [
            each
            for each in self._choices
            if self._codes(each, number) and (not kinds or self._catalogue.is_used(each, kinds))
        ]
        if len(coded) == 1 and not (number.unit or bound.op or bound.about or named):
            return coded[0]
        asks_price = bound.op or bound.about or says_budget(around)
        if bound.compared:  # "bigger than 20" is about no price
            return None
        if not number.unit and asks_price and number.value >= _LEAST_PRICE:
            return PRICE
        return None

    def _bare(
        self,
        phrases: Sequence[Phrase],
        number: Quantity,
        bound: Bound,
        found: Numbers,
    ) -> str:
        """Return what a number without unit and name is about: degrees, people, as before."""
        if number.value < 0:
            return next(iter(self._by_unit(phrases, _DEGREES)), "")
        if bound.about and found.last and found.last != PRICE:
            return found.last
        people = [e.name for e in self._catalogue.attributes.values() if e.unit in _PEOPLE]
        kinds = self._kinds(phrases)
        meant = [each for each in people if kinds and self._catalogue.is_used(each, kinds)]
        if meant and number.value <= _MOST_PEOPLE and not bound.op:
            return meant[0]
        return ""

    def _is_plausible(self, attribute: str, number: float, kinds: Collection[str]) -> bool:
        """Return whether products, of the categories that are wanted, have about such a number."""
        numbers = [
            abs(float(value))
            for product in self._catalogue.products
            if not kinds or product.category in kinds
            for value in product.attributes.get(attribute, ())
            if not isinstance(value, str)
        ]
        return bool(numbers) and min(numbers) / _OFF <= abs(number) <= max(numbers) * _OFF

    def _kinds(self, phrases: Sequence[Phrase]) -> frozenset[str]:
        """Return the categories that are named, or were before."""
        return self._context | {
            meaning.about
            for each in phrases
            if each.item is not None
            for meaning in each.item.of("category")
        }

    def _by_unit(self, phrases: Sequence[Phrase], unit: str) -> list[str]:
        """Return the attributes with a unit, those of the named categories first."""
        categories = self._kinds(phrases)
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
            rate = rough_rate(currency, self._catalogue.currency)
        return number.value * (rate or 1.0)


def _joined(phrases: Sequence[Phrase], at: int) -> bool:
    """Return whether a number is an alternative to the one right before it."""
    return at > 1 and phrases[at - 2].number is not None and phrases[at - 1].number is None


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
