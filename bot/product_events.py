"""What customers do with products, as reasons and passages of decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from bot.decisions import without_part

ProductEvent = Literal["why", "more", "cheaper"]
"""Asked why it was recommended; wanted more like it, or something cheaper."""

SHOWN = "catalogue#"
"""What the products that a reply shows begin with, among the passages of its decision."""

_BEGINNING = "product "
_EVENTS = frozenset(get_args(ProductEvent))


def product_event(product: str, event: ProductEvent) -> str:
    """Return an event as a reason.

    >>> product_event("squall", "why")
    'product squall: why'
    """
    return f"{_BEGINNING}{product}: {event}"


def product_events(reasons: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield product and event of each reason that is one.

    >>> list(product_events(["product squall: why", "the model is sure", "2: product a: more"]))
    [('squall', 'why'), ('a', 'more')]
    """
    for told in map(without_part, reasons):
        product, _, event = told.removeprefix(_BEGINNING).rpartition(": ")
        if told.startswith(_BEGINNING) and product and event in _EVENTS:
            yield product, event


def products_shown(citations: Iterable[str]) -> Iterator[str]:
    """Yield the products among the citations of a decision, by their ids.

    >>> list(products_shown(["catalogue#squall", "care.md#down"]))
    ['squall']
    """
    yield from (each.removeprefix(SHOWN) for each in citations if each.startswith(SHOWN))
