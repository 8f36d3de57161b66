"""What is said about each product: a card with facts, stock, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answering.recommendations.catalogue import Product, Value, Variant, all_values
from bot.answering.recommendations.index import ProductIndex
from bot.answering.recommendations.labels import Labels
from bot.answering.recommendations.wish import CATEGORY, NAME, PRICE, TEXT, Constraint, Wish
from bot.messages import Card

_MOST_FACTS = 4
"""Facts on a card: those that were asked for first."""

_MOST_VARIANTS = 8
"""Variants that a card names."""


class CardWriter:
    """Writes cards in one language.

    Args:
        index: The products.
        labels: Their names.
    """

    def __init__(self, index: ProductIndex, labels: Labels) -> None:
        self._index = index
        self._labels = labels

    def card(self, row: int, wish: Wish) -> Card:
        """Return the card of a product, by its position in the catalogue."""
        product = self._index.catalogue.products[row]
        labels = self._labels
        rows = self._index.columns.variants_of(row, wish.constraints)
        fitting = [product.variants[each] for each in rows] or list(product.variants)
        lines = [
            " · ".join((self._price(product, fitting), *self.reasons(row, wish)[:_MOST_FACTS])),
            labels.description(product),
            self._stock(fitting),
        ]
        if unknown := list(self._unknown(row, wish)):
            lines.append(labels.text("product_unknown", attributes=", ".join(unknown)))
        return Card(
            labels.product(product),
            "\n".join(each for each in lines if each),
            product.url,
            product.picture,
            self._index.catalogue.named(product.alt, labels.language) if product.picture else "",
        )

    def reasons(self, row: int, wish: Wish) -> list[str]:
        """Return what speaks for a product, from its own attributes: what was asked for first."""
        product = self._index.catalogue.products[row]
        asked = [each.about for each in (*wish.constraints, *wish.soft)]
        named = [*asked, *wish.lower, *wish.higher]
        known = [name for name in (*named, *product.attributes) if name in self._attributes()]
        facts = []
        for name in dict.fromkeys(known):
            values = self._chosen(product, name, wish)
            is_plain = name not in named and values == [False]
            if values and not is_plain:
                facts.append(self._labels.fact(name, values))
        return facts

    def _attributes(self) -> frozenset[str]:
        return frozenset(self._index.catalogue.attributes)

    def _chosen(self, product: Product, name: str, wish: Wish) -> list[Value]:
        """Return the values of an attribute; those that were asked for where there are several."""
        values = all_values(product, name)
        asked = [v for each in wish.constraints if each.key == f"is:{name}" for v in each.values]
        denied = [v for each in wish.constraints if each.key == f"not:{name}" for v in each.values]
        return [v for v in values if v in asked] or [v for v in values if v not in denied]

    def _price(self, product: Product, variants: Sequence[Variant]) -> str:
        prices = {product.price_of(each) for each in variants}
        low, high = min(prices), max(prices)
        shown = self._labels.price(low)
        return shown if low == high else f"{shown} – {self._labels.price(high)}"

    def _stock(self, variants: Sequence[Variant]) -> str:
        """Return what of a product can be bought."""
        if not any(each.available for each in variants):
            return self._labels.text("product_sold_out")
        names = [self._variant(each) for each in variants if each.available and each.attributes]
        names = [each for each in dict.fromkeys(names) if each]
        if not names:
            return ""
        more = " …" if len(names) > _MOST_VARIANTS else ""
        shown = "; ".join(names[:_MOST_VARIANTS]) + more
        return self._labels.text("product_in_stock", variants=shown)

    def _variant(self, variant: Variant) -> str:
        return ", ".join(
            self._labels.value(name, value)
            for name, values in variant.attributes.items()
            for value in values
        )

    def _unknown(self, row: int, wish: Wish) -> Iterator[str]:
        """Yield the attributes that were asked for and that are not known of a product."""
        start = int(self._index.columns.starts[row])
        count = len(self._index.catalogue.products[row].variants)
        for each in wish.constraints:
            if each.about in (CATEGORY, NAME, PRICE, TEXT):
                continue
            _, unknown = self._index.columns.judge(each)
            if unknown[start : start + count].all():
                yield self._asked(each)

    def _asked(self, constraint: Constraint) -> str:
        return self._labels.attribute(constraint.about)
