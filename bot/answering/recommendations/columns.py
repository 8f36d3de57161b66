"""Which variants of a catalogue satisfy a constraint, for all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.answering.recommendations.catalogue import Attribute, Catalogue, Value
from bot.answering.recommendations.wish import CATEGORY, NAME, PRICE, TEXT, Constraint
from bot.understanding.language.words import folded_words

Mask = NDArray[np.bool_]
"""One entry for each variant of the catalogue, in its order."""

USUAL = 0.5
"""Share of a category's products that have an attribute, from which it means something there: a
product without it is not known to be free of what a customer excludes."""


@dataclass(frozen=True)
class _Column:
    """The values of an attribute.

    Attributes:
        known: Some value is known.
        low, high: Smallest and largest of its numbers; NaN where it has none.
        rows: Variants that have a value, by the value.
    """

    known: Mask
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    rows: dict[Value, list[int]]


@dataclass(frozen=True, slots=True)
class Fits:
    """Which products satisfy constraints, shape (n_products,) each.

    Attributes:
        fits: Some variant that can be bought surely does.
        sold_out: Some variant surely does, but none that can be bought.
        open: No variant surely does; one that can be bought may, as far as is known.
    """

    fits: Mask
    sold_out: Mask
    open: Mask


class Columns:
    """A catalogue by columns."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        variants = [(p, v) for p in catalogue.products for v in p.variants]
        sizes = [len(product.variants) for product in catalogue.products]
        self.starts = np.concatenate(([0], np.cumsum(sizes)))[:-1].astype(np.int64)
        self._products = np.repeat(np.arange(len(sizes)), sizes)
        self.prices = np.array([p.price_of(v) for p, v in variants], dtype=np.float64)
        self.available: Mask = np.array([v.available for _, v in variants], dtype=bool)
        self._columns: dict[str, _Column] = {}
        self._categories: dict[frozenset[str], Mask] = {}

    def judge(self, constraint: Constraint) -> tuple[Mask, Mask]:
        """Return which variants satisfy a constraint, and of which it is not known."""
        none = np.zeros(len(self.prices), dtype=bool)
        if constraint.about == PRICE:
            return _bounded(self.prices, self.prices, constraint), none
        if constraint.about in (CATEGORY, NAME, TEXT):
            there = self._of_products(constraint)
            return (there if constraint.op == "is" else ~there), none
        attribute = self._catalogue.attributes.get(constraint.about)
        if attribute is None:  # it is no longer in the catalogue
            return none, ~none
        column = self._column(attribute)
        if constraint.op in ("most", "least"):
            unknown = ~column.known & self._usual(attribute.name)
            return _bounded(column.low, column.high, constraint), unknown
        there = none.copy()
        for value in constraint.values:
            there[column.rows.get(value, [])] = True
        if constraint.op == "is":
            if attribute.name in self._catalogue.for_whom:  # a tent is for everybody
                everybody = ~column.known & ~self._usual(attribute.name)
                if set(constraint.values) <= set(self._catalogue.children(attribute.name)):
                    made = self._in_categories(self._kinds_with(attribute.name, constraint.values))
                    everybody &= ~made  # unless some of its kind are made for children
                there |= everybody
            # what most of its kind do not have at all, it does not have either
            return there, ~column.known & self._usual(attribute.name)
        means_something = self._usual(attribute.name)
        return ~there & (column.known | ~means_something), ~column.known & means_something

    def fits(self, constraints: Iterable[Constraint]) -> Fits:
        """Return which products satisfy all of some constraints."""
        sure = np.ones(len(self.prices), dtype=bool)
        possible = sure.copy()
        for each in constraints:
            satisfied, unknown = self.judge(each)
            sure &= satisfied
            possible &= satisfied | unknown
        fits = self._any(sure & self.available)
        open_ = self._any(possible & self.available) & ~fits
        return Fits(fits, self._any(sure) & ~fits, open_ & ~self._any(sure))

    def variants_of(self, product: int, constraints: Sequence[Constraint]) -> list[int]:
        """Return the positions of a product's variants that satisfy constraints, or may."""
        count = len(self._catalogue.products[product].variants)
        rows = slice(int(self.starts[product]), int(self.starts[product]) + count)
        left = np.ones(count, dtype=bool)
        for each in constraints:
            satisfied, unknown = self.judge(each)
            left &= (satisfied | unknown)[rows]
        return [int(each) for each in np.flatnonzero(left)]

    def cheapest(self) -> NDArray[np.float64]:
        """Return the lowest price of each product."""
        return np.minimum.reduceat(self.prices, self.starts)

    def numbers(self, attribute: str) -> NDArray[np.float64]:
        """Return the smallest number of each product; NaN where none is known."""
        if attribute == PRICE:
            return self.cheapest()
        found = self._catalogue.attributes.get(attribute)
        if found is None:
            return np.full(len(self.starts), np.nan)
        return np.fmin.reduceat(self._column(found).low, self.starts)

    def share(self, constraint: Constraint) -> NDArray[np.float64]:
        """Return 1 for products of which a variant satisfies a constraint, else 0."""
        satisfied, _ = self.judge(constraint)
        return self._any(satisfied & self.available).astype(np.float64)

    @cached_property
    def words(self) -> dict[str, list[int]]:
        """The products by the words that the shop writes about them."""
        found: dict[str, list[int]] = {}
        for number, product in enumerate(self._catalogue.products):
            texts = (*product.names.values(), *product.descriptions.values())
            for word in {word for text in texts for word in folded_words(text)}:
                found.setdefault(word, []).append(number)
        return found

    def _any(self, variants: Mask) -> Mask:
        if not len(self.starts):
            return np.zeros(0, dtype=bool)
        found: Mask = np.logical_or.reduceat(variants, self.starts)
        return found

    def _of_products(self, constraint: Constraint) -> Mask:
        """Return the variants of the products that a constraint names."""
        products = self._catalogue.products
        named = set(constraint.values)
        if constraint.about == CATEGORY:
            return self._in_categories(frozenset(map(str, named)))
        if constraint.about == NAME:
            there = [each.id in named for each in products]
        else:
            rows = {row for word in named for row in self.words.get(str(word), ())}
            there = [row in rows for row in range(len(products))]
        return self._by_variant(there)

    def _usual(self, attribute: str) -> Mask:
        """Return the variants of products in whose category an attribute means something."""
        used = self._catalogue.used_in
        return self._in_categories(
            frozenset(name for name, there in used.items() if there.get(attribute, 0.0) >= USUAL)
        )

    def _kinds_with(self, attribute: str, values: Sequence[Value]) -> frozenset[str]:
        """Return the categories of which a product has one of some values."""
        there = self._catalogue.used_values
        wanted = set(values)
        return frozenset(
            kind for (kind, name), its in there.items() if name == attribute and wanted & its
        )

    def _in_categories(self, categories: frozenset[str]) -> Mask:
        found = self._categories.get(categories)
        if found is None:
            products = self._catalogue.products
            found = self._by_variant([each.category in categories for each in products])
            self._categories[categories] = found
        return found

    def _by_variant(self, products: Sequence[bool]) -> Mask:
        found: Mask = np.array(products, dtype=bool)[self._products]
        return found

    def _column(self, attribute: Attribute) -> _Column:
        found = self._columns.get(attribute.name)
        if found is None:
            found = self._columns[attribute.name] = self._read(attribute)
        return found

    def _read(self, attribute: Attribute) -> _Column:
        count = len(self.prices)
        low, high = np.full(count, np.nan), np.full(count, np.nan)
        known = np.zeros(count, dtype=bool)
        rows: dict[Value, list[int]] = {}
        at = 0
        for product in self._catalogue.products:
            general = product.attributes.get(attribute.name, ())
            for variant in product.variants:
                values = variant.attributes.get(attribute.name, general)
                known[at] = bool(values)
                if values and attribute.type == "number":
                    numbers = [float(each) for each in values]
                    low[at], high[at] = min(numbers), max(numbers)
                for value in values:
                    rows.setdefault(value, []).append(at)
                at += 1
        return _Column(known, low, high, rows)


def _bounded(low: NDArray[np.float64], high: NDArray[np.float64], constraint: Constraint) -> Mask:
    """Return what has a number within a bound; NaN has none."""
    found: Mask = low <= constraint.number if constraint.op == "most" else high >= constraint.number
    return found
