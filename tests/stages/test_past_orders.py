"""What past orders say of a customer, with a proof alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.answering.recommendations.catalogue import Catalogue
from bot.ports import ActionInfo, ActionRequest, ActionResult
from bot.stages.past_orders import PastOrders
from tests.answering.recommendations.shop import catalogue
from tests.delivery.conftest import Desk
from tests.stages.recommending import Counter


@dataclass
class Shop:
    """Actions of a shop that knows what was ordered."""

    result: ActionResult
    own: ActionInfo = field(
        default_factory=lambda: ActionInfo("orders", False, (), ("skus",), ("linked",))
    )

    def info(self, action: str) -> ActionInfo | None:
        return self.own if action == self.own.name else None

    def is_available(self, action: str) -> bool:
        return action == self.own.name

    async def run(self, request: ActionRequest) -> ActionResult:
        assert request.values == {}
        return self.result


class Products:
    """The small shop."""

    @property
    def catalogue(self) -> Catalogue | None:
        return catalogue()


def done(values: Mapping[str, Any]) -> ActionResult:
    return ActionResult("done", values)


@pytest.mark.parametrize(
    ("shop", "size"),
    [
        (Shop(done({"skus": ["SQ-BLK-M", "DR-GRN-M", "?"]})), ("M",)),
        (Shop(ActionResult("unproven")), None),
        (Shop(done({"orders": 3})), None),
        (Shop(done({"skus": ["SQ-BLK-M"]}), ActionInfo("orders", False, (), ("skus",))), None),
        (Shop(done({"skus": ["SQ-BLK-M"]}), ActionInfo("other", False, (), ("skus",))), None),
    ],
    ids=["proven", "not proven", "no skus", "an action without a proof", "no such action"],
)
async def test_orders_count_with_a_proof_alone(
    sqlite_desk: Desk, shop: Shop, size: tuple[str, ...] | None
) -> None:
    orders = PastOrders(shop, "orders", Products())
    turn = Counter(sqlite_desk.database).turn("a jacket")
    found = {each.about: each.values for each in await orders.wishes(turn)}
    assert found.get("size") == size
