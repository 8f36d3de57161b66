"""Reads budgets and other bounds from the numbers of a message."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from bot.answering.recommendations.bounds import Bound, bound_of, other_end, says_budget
from bot.answering.recommendations.catalogue import Catalogue
from bot.answering.recommendations.measured import Measured
from bot.answering.recommendations.people import PEOPLE, Party
from bot.answering.recommendations.phrases import Phrase
from bot.answering.recommendations.rates import rough_rate
from bot.answering.recommendations.subjects import Subjects
from bot.answering.recommendations.wish import PRICE, Constraint

ROUGHLY, ROUGH_PRICE = 0.1, 0.2
"""How far a number may be off that is "about", or neither bounded nor better either way; a price
may be twice as far."""

_STEP = 1e-6
"""Share of a number by which more than it is more."""

_LEAST_PRICE = 5
"""Bare numbers below are counts, not budgets."""

_HUNDRED = 100


@dataclass(slots=True)
class Numbers:
    """What the numbers of a message say.

    Attributes:
        near: The price that it is to be about; 0: none.
        currency: Currency of an amount that was read as one in the shop's; empty: none.
        understood: Positions of the phrases that were understood.
        unread: Bounds of what no product has, as they were written.
        last: What the last number was about; empty: none was.
    """

    constraints: list[Constraint] = field(default_factory=list)
    near: float = 0.0
    currency: str = ""
    understood: set[int] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    last: str = ""


class NumberReader:
    """Reads the numbers of one message.

    Args:
        catalogue: Of the shop.
        context: Categories that were wanted before.
    """

    def __init__(self, catalogue: Catalogue, context: Collection[str] = ()) -> None:
        self._catalogue = catalogue
        self._subjects = Subjects(catalogue, frozenset(context))

    def read(self, phrases: Sequence[Phrase], party: Party | None = None) -> Numbers:
        """Return what the numbers of a message say.

        Args:
            phrases: The message.
            party: How many people it is for, where it says that in words or numbers.
        """
        found = Numbers()
        counted = self._people(phrases, party, found)
        at = 0
        while at < len(phrases):
            number = phrases[at].number
            if number is not None and not (counted and party and party.has(number)):
                at = self._read(phrases, at, number, found)
            at += 1
        return found

    def _people(self, phrases: Sequence[Phrase], party: Party | None, found: Numbers) -> bool:
        """Read for how many people a product is; return whether it says so."""
        about = self._subjects.for_people(phrases)
        if party is None or not about:
            return False
        found.constraints.append(Constraint(about, "least", (float(party.count),)))
        found.last = about
        for at, each in enumerate(phrases):
            if each.number is not None and party.has(each.number):
                found.understood.add(at)
        return True

    def _read(self, phrases: Sequence[Phrase], at: int, number: Measured, found: Numbers) -> int:
        """Read a number, and the other end of its range; return the position of the last one."""
        kinds = self._subjects.kinds(phrases)
        number = self._subjects.as_height(phrases, number)
        bound = bound_of(phrases, at, number, self._catalogue, kinds)
        other = other_end(phrases, at)
        end = phrases[other].number if other is not None else None
        if end is not None and number.is_bare:
            number = _alike(number, end)
        about = self._about(phrases, at, number, bound, found)
        if about is None and end is not None and number.is_bare and number.value >= _LEAST_PRICE:
            about = PRICE  # "between 100 and 250"
        if about is None:
            if number.unit and (bound.op or bound.about):
                found.unread.append(phrases[at].raw)
            return at
        found.understood |= {at, *bound.phrases}
        if about == found.last and not bound.op and _joined(phrases, at):
            return at  # "for 2 or 3": what fits two fits
        found.last = about
        if other is not None and end is not None:
            end = end if not end.is_bare else _alike(end, number)
            low, high = sorted(self._value(about, each, found) for each in (number, end))
            found.constraints.append(Constraint(about, "least", (low,)))
            found.constraints.append(Constraint(about, "most", (high,)))
            found.understood |= set(range(at, other + 1))
            return other
        if about != PRICE and self._catalogue.attributes[about].type == "choice":
            # a size that no product has is said to be missing
            values = self._subjects.codes(about, number) or (f"{number.value:g}",)
            found.constraints.append(Constraint(about, "is", values))
            return at
        value = self._value(about, number, found)
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
        number: Measured,
        bound: Bound,
        found: Numbers,
    ) -> str | None:
        """Return what a number is about; None: nothing that products have."""
        if number.currency:
            return PRICE
        if number.unit:
            return self._subjects.with_unit(phrases, at, number, bound.compared)
        if named := self._subjects.named(phrases, at, number, bound.op, bound.compared):
            return named
        before = [e for e in phrases[max(at - 2, 0) : at] if e.segment == phrases[at].segment]
        if says_budget(before) and number.value >= _LEAST_PRICE:  # "budget 120"
            return PRICE
        if bare := self._bare(phrases, number, bound, found):
            return bare
        if not (bound.op or bound.about) and (coded := self._subjects.coded(phrases, number)):
            return coded
        if bound.compared:  # "bigger than 20" is about no price
            return None
        around = [*phrases[max(at - 3, 0) : at + 4], *phrases[at + 4 : at + 7]]
        asks_price = bound.op or bound.about or says_budget(around)
        if asks_price and number.value < _LEAST_PRICE:  # "must sleep at least four"
            return self._subjects.for_people(phrases) or None
        return PRICE if asks_price else None

    def _bare(
        self,
        phrases: Sequence[Phrase],
        number: Measured,
        bound: Bound,
        found: Numbers,
    ) -> str:
        """Return what a number without unit and name is about: degrees, people, as before."""
        if number.value < 0:
            return self._subjects.of_degrees(phrases)
        if bound.about and found.last and found.last != PRICE:
            return found.last
        is_count = number.value == int(number.value) and number.value <= PEOPLE
        return self._subjects.for_people(phrases) if is_count and not bound.op else ""

    def _value(self, about: str, number: Measured, found: Numbers) -> float:
        """Return a number in the unit of the catalogue."""
        if about != PRICE:
            return number.value / self._subjects.factor(about)
        currency = number.currency
        if not currency or currency == self._catalogue.currency:
            return number.value
        rate = self._catalogue.rates.get(currency)
        if rate is None:
            found.currency = currency
            rate = rough_rate(currency, self._catalogue.currency)
        return number.value * (rate or 1.0)


def _alike(number: Measured, other: Measured) -> Measured:
    """Return a bare number with the unit of another end of its range: "100 to 150 euros"."""
    value = number.value * other.factor
    whole = other.value / other.factor
    if number.value < 10 <= _HUNDRED <= whole and whole % _HUNDRED == 0:
        value *= _HUNDRED  # "four to five hundred"
    return replace(
        number, value=value, unit=other.unit, factor=other.factor, currency=other.currency
    )


def _joined(phrases: Sequence[Phrase], at: int) -> bool:
    """Return whether a number is an alternative to the one right before it."""
    return at > 1 and phrases[at - 2].number is not None and phrases[at - 1].number is None
