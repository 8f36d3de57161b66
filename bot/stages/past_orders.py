"""What a customer ordered before, where they have proven who they are: their size is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bot.answering.recommendations.catalogue import Catalogue, Product, Variant
from bot.answering.recommendations.wish import Constraint
from bot.ports import ActionRequest, Actions
from bot.responder import Turn

SKUS = "skus"
"""Name of the value that the action provides."""

MOST = 50
"""Ordered variants that are looked at, the latest first."""

SHARED = 0.5
"""Share of the ordered variants of a category that must agree for a value to count."""


class HasCatalogue(Protocol):
    """Knows the products."""

    @property
    def catalogue(self) -> Catalogue | None:
        """What is recommended from."""
        ...


class PastOrders:
    """Reads past orders through an action, which needs a proof; without one there are none.

    Args:
        actions: Run it.
        action: Its name.
        products: What was ordered.
    """

    def __init__(self, actions: Actions, action: str, products: HasCatalogue) -> None:
        self._actions = actions
        self._action = action
        self._products = products

    async def wishes(self, turn: Turn) -> tuple[Constraint, ...]:
        """Return what the orders of a customer say of their size and the like."""
        info, catalogue = self._actions.info(self._action), self._products.catalogue
        if info is None or info.writes or not info.personal or catalogue is None:
            return ()
        result = await self._actions.run(
            ActionRequest(self._action, {}, turn.message, turn.language)
        )
        skus = result.values.get(SKUS)
        if result.state != "done" or not isinstance(skus, list):
            return ()
        ordered = list(_ordered(catalogue, [str(each) for each in skus[:MOST]]))
        return tuple(_agreed(catalogue, ordered))


def _ordered(catalogue: Catalogue, skus: list[str]) -> Iterator[tuple[Product, Variant]]:
    wanted = set(skus)
    for product in catalogue.products:
        for variant in product.variants:
            if variant.sku in wanted:
                yield product, variant


def _agreed(catalogue: Catalogue, ordered: list[tuple[Product, Variant]]) -> Iterator[Constraint]:
    """Yield the values that most ordered variants agree in."""
    for name in sorted(catalogue.by_variant):
        values = [each.attributes[name][0] for _, each in ordered if each.attributes.get(name)]
        best = max(values, key=values.count, default=None)
        if best is not None and values.count(best) > SHARED * len(values):
            yield Constraint(name, "is", (best,))
