"""Which attribute a number is about, by its unit, the names around it, and what products have."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.answering.recommendations.catalogue import Attribute, Catalogue
from bot.answering.recommendations.meanings import WishCue
from bot.answering.recommendations.measured import Measured, unit_of
from bot.answering.recommendations.phrases import Phrase

_OFF = 3.0
"""Factor by which a number may be off what products have, for it to be about that at all."""

_DEGREES, _LENGTH = "degree", "length"
"""Canonical units of temperatures, and of lengths."""

_OF_ANYTHING = frozenset({_LENGTH, "time"})
"""Canonical units of what also trips and people have."""

_PEOPLE = frozenset({"people", "persons", "person"})
"""Units of how many people something is for."""

_HEIGHTS, _METRE = (1.2, 2.2), 1_000.0
"""Heights of people in metres, and a metre in the canonical unit."""

_DIRECTED = (WishCue.LIGHTER, WishCue.HEAVIER, WishCue.CHEAPER, WishCue.DEARER)


class Subjects:
    """What the numbers of messages may be about.

    Args:
        catalogue: Of the shop.
        context: Categories that were wanted before.
    """

    def __init__(self, catalogue: Catalogue, context: frozenset[str]) -> None:
        self._catalogue = catalogue
        self._context = context
        self._units = dict(_units(catalogue.attributes))
        self._choices = [e.name for e in catalogue.attributes.values() if e.type == "choice"]

    def kinds(self, phrases: Sequence[Phrase]) -> frozenset[str]:
        """Return the categories that are named, or were before."""
        return self._context | {
            meaning.about
            for each in phrases
            if each.item is not None
            for meaning in each.item.of("category")
        }

    def factor(self, attribute: str) -> float:
        """Return how many canonical units one of an attribute's unit is."""
        return self._units.get(attribute, ("", 1.0))[1]

    def with_unit(
        self, phrases: Sequence[Phrase], at: int, number: Measured, compared: Sequence[str]
    ) -> str | None:
        """Return what a number with a unit is about: what is named, else what products have."""
        kinds = self.kinds(phrases)
        fitting = self._by_unit(kinds, number.unit)
        near = [name for _, name in sorted(_names(phrases, at))]
        for name in (*compared, *near):
            if name in fitting:
                return name
        for name in fitting:
            # lengths and times may be of anything: only what is written in the same unit
            same = number.unit not in _OF_ANYTHING or number.factor == self.factor(name)
            used = not kinds or self._catalogue.is_used(name, kinds)
            if same and used and self._is_plausible(name, number.value, kinds):
                return name
        return None

    def named(
        self,
        phrases: Sequence[Phrase],
        at: int,
        number: Measured,
        op: str,
        compared: Sequence[str],
    ) -> str:
        """Return what a bare number is about by the names beside it: "R-value of 4", "size 42"."""
        kinds = self.kinds(phrases)
        beside = [
            (far, n) for far, n in sorted(_names(phrases, at)) if _is_beside(phrases, at, far)
        ]
        for far, name in (*((1, each) for each in compared), *beside):
            attribute = self._catalogue.attributes[name]
            if attribute.type == "choice" and (
                self.codes(name, number) or self._is_code(name, far, number.value)
            ):
                return name
            if attribute.type != "number":
                continue
            turned = op == {"higher": "most", "lower": "least"}.get(attribute.better)
            if turned and abs(far) > 2:  # "a bright lamp under 60"
                continue
            counts = attribute.unit in _PEOPLE
            if counts and number.value != int(number.value):
                continue
            if self._is_plausible(name, number.value * self.factor(name), kinds):
                return name
        return ""

    def as_height(self, phrases: Sequence[Phrase], number: Measured) -> Measured:
        """Return a bare number in metres, where a height is asked for: "I am 1.92"."""
        low, high = _HEIGHTS
        names = {name for _, name in _names(phrases, 0)}
        asked = any(self._units.get(name, ("",))[0] == _LENGTH for name in names)
        if not (asked and number.is_bare and low <= number.value <= high):
            return number
        if number.value == int(number.value):
            return number
        value = number.value * _METRE
        return replace(number, value=value, unit=_LENGTH, factor=_METRE / 100)

    def _is_code(self, attribute: str, far: int, number: float) -> bool:
        """Return whether a number beside a name must be one of its values: "size 31"."""
        values = map(str, self._catalogue.values.get(attribute, ()))
        codes = [int(each) for each in values if each.isdigit()]
        if far > 1 or not codes:
            return False
        return min(codes) / _OFF <= number <= max(codes) * _OFF  # "1.95 tall" is no size

    def coded(self, phrases: Sequence[Phrase], number: Measured) -> str:
        """Return the only choice that has a number among its values, such as a size."""
        kinds = self.kinds(phrases)
        found = [
            each
            for each in self._choices
            if self.codes(each, number) and (not kinds or self._catalogue.is_used(each, kinds))
        ]
        return found[0] if len(found) == 1 and number.is_bare else ""

    def codes(self, attribute: str, number: Measured) -> tuple[str, ...]:
        """Return the values of a choice that a number names: "42", and "39-42" for 40."""
        values = sorted(map(str, self._catalogue.values.get(attribute, ())))
        return tuple(each for each in values if _holds(each, number.value))

    def of_degrees(self, phrases: Sequence[Phrase]) -> str:
        """Return the temperature that products have; empty: none."""
        return next(iter(self._by_unit(self.kinds(phrases), _DEGREES)), "")

    def for_people(self, phrases: Sequence[Phrase]) -> str:
        """Return the attribute for how many people the wanted products are; empty: none."""
        kinds = self.kinds(phrases)
        people = [e.name for e in self._catalogue.attributes.values() if e.unit in _PEOPLE]
        meant = [each for each in people if kinds and self._catalogue.is_used(each, kinds)]
        return meant[0] if meant else ""

    def _is_plausible(self, attribute: str, number: float, kinds: Collection[str]) -> bool:
        """Return whether products, of the categories that are wanted, have about such a number."""
        number /= self.factor(attribute)
        ranges = self._catalogue.ranges
        there = kinds or self._catalogue.used_in
        found = [ranges[each, attribute] for each in there if (each, attribute) in ranges]
        if not found:
            return False
        low, high = min(each[0] for each in found), max(each[1] for each in found)
        if self._units[attribute][0] == _DEGREES:
            spread = max(high - low, 1.0)
            return low - spread <= number <= high + spread
        ends = sorted((abs(low), abs(high)))
        return ends[0] / _OFF <= abs(number) <= ends[1] * _OFF

    def _by_unit(self, kinds: Collection[str], unit: str) -> list[str]:
        """Return the attributes with a unit, those of the named categories first."""
        used = self._catalogue.used_in

        def share(name: str) -> float:
            there = kinds or used
            return -sum(used.get(each, {}).get(name, 0.0) for each in there)

        return sorted((n for n, (its, _) in self._units.items() if its == unit and unit), key=share)


def _names(phrases: Sequence[Phrase], at: int) -> Iterator[tuple[int, str]]:
    """Yield the attributes that a message names, with how far from a number they stand."""
    for place, phrase in enumerate(phrases):
        if phrase.item is not None:
            for meaning in phrase.item.of("attribute"):
                yield abs(place - at), meaning.about


def _is_beside(phrases: Sequence[Phrase], at: int, far: int) -> bool:
    """Return whether between a number and a name so far away nothing else is named."""
    for place in (at - far, at + far):
        if not 0 <= place < len(phrases):
            continue
        item = phrases[place].item
        if item is None or not item.of("attribute") or item.cue(*_DIRECTED):
            continue
        between = phrases[min(place, at) + 1 : max(place, at)]
        before = phrases[place - 1] if 0 < place < at else None
        if before and before.number is not None and before.segment == phrases[place].segment:
            continue  # "300 lumens, under 60"
        if place > at and phrases[place].segment != phrases[at].segment:
            continue
        if all(e.item is not None and (e.item.of("cue") or not e.item.meanings) for e in between):
            return True
    return False


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
            yield each.name, unit_of(each.unit) if each.unit else ("", 1.0)
