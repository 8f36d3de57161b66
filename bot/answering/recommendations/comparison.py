"""Compares products by what differs between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answering.recommendations.catalogue import Catalogue, Product, all_values
from bot.answering.recommendations.labels import Labels

MOST = 4
"""Products that are compared at once."""


def comparison(catalogue: Catalogue, products: Sequence[Product], labels: Labels) -> str:
    """Return a Markdown table of products: price, and each attribute that not all have alike."""
    names = [_cell(labels.product(each)) for each in products]
    rows = [["", *names], ["---"] * (len(products) + 1)]
    rows += [[_cell(each) for each in row] for row in _rows(catalogue, products, labels)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _rows(catalogue: Catalogue, products: Sequence[Product], labels: Labels) -> Iterator[list[str]]:
    yield [labels.text("product_price"), *(_price(each, labels) for each in products)]
    for name in catalogue.attributes:
        shown = [_shown(catalogue, each, name, labels) for each in products]
        if len(set(shown)) > 1:
            yield [labels.attribute(name), *shown]
    sold_out = [not each.available for each in products]
    if any(sold_out):
        said = labels.text("product_sold_out")
        yield [said, *(labels.yes_or_no(each) for each in sold_out)]


def _price(product: Product, labels: Labels) -> str:
    prices = sorted({product.price_of(each) for each in product.variants})
    low, high = labels.price(prices[0]), labels.price(prices[-1])
    return low if low == high else f"{low} – {high}"


def _shown(catalogue: Catalogue, product: Product, name: str, labels: Labels) -> str:
    values = all_values(product, name)
    if not values:
        return labels.text("product_not_known")
    if catalogue.attributes[name].type == "boolean":
        return labels.yes_or_no(values[0])
    return ", ".join(labels.value(name, each) for each in values)


def _cell(text: str) -> str:
    return text.replace("|", "/")
