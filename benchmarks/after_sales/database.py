"""The shop's database in memory: users, orders, products, and what may be done with them.

The rules are those of the published policy; each write checks them by itself.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.answering.actions.python import ActionRefused

Record = dict[str, Any]

REASONS = ("no longer needed", "ordered by mistake")
"""Why an order may be cancelled."""

PENDING, DELIVERED = "pending", "delivered"
CHANGED = "pending (item modified)"
"""Its address and its payment may still be changed."""


@dataclass(slots=True)
class Session:
    """What one conversation did with the database.

    Attributes:
        proven: Ids of the users that the customer gave the proof of.
        confirmed: The writes that the customer confirmed, and that were not done yet.
        writes: Names of the writes that were done.
        unconfirmed: Writes that nobody had confirmed.
        unproven: Writes for a user, or to an order of a user, whose proof was not given.
        orders: Orders that were spoken of, the latest last.
        said: How the customer spoke of each.
        payment: The payment method that was chosen last.
        addresses: Addresses that were replaced, the latest last.
    """

    proven: set[str] = field(default_factory=set)
    confirmed: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    unconfirmed: int = 0
    unproven: int = 0
    orders: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    payment: str = ""
    addresses: list[Record] = field(default_factory=list)


class ShopDatabase:
    """Users, orders and products; one conversation at a time works on a copy.

    Args:
        content: As `db.json` has it.
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._pristine = pickle.dumps(dict(content))
        self.session = Session()
        self.reset()

    def reset(self) -> None:
        """Begin anew, with nothing done and nobody known."""
        content = pickle.loads(self._pristine)  # noqa: S301 - what was written above
        self.users: dict[str, Record] = content["users"]
        self.orders: dict[str, Record] = content["orders"]
        self.products: dict[str, Record] = content["products"]
        self.session = Session()

    @property
    def state(self) -> Mapping[str, Any]:
        """All that is compared."""
        return {"users": self.users, "orders": self.orders, "products": self.products}

    def orders_of(self, user: str) -> Sequence[Record]:
        """Return the orders of a user."""
        return [self.orders[each] for each in self.users[user]["orders"]]

    def variant(self, product: str, item: str) -> Record:
        """Return a variant of a product.

        Raises:
            ActionRefused: There is none.
        """
        found = self.products[product]["variants"].get(item)
        if found is None:
            raise ActionRefused("not_found")
        return dict(found)

    def order_of(self, user: str, order: str, *statuses: str) -> Record:
        """Return an order of a user that has one of some statuses.

        Raises:
            ActionRefused: `not_found` or `not_possible`.
        """
        found = self.orders.get(order)
        if found is None or found["user_id"] != user:
            raise ActionRefused("not_found")
        if statuses and found["status"] not in statuses:
            raise ActionRefused("not_possible")
        return found

    def method(self, user: str, payment: str) -> Record:
        """Return a payment method of a user.

        Raises:
            ActionRefused: There is none.
        """
        found = self.users[user]["payment_methods"].get(payment)
        if found is None:
            raise ActionRefused("no_such_payment")
        return dict(found)

    def written(self, name: str, user: str) -> None:
        """Count a write that is about to be done."""
        session = self.session
        session.writes.append(name)
        if name in session.confirmed:
            session.confirmed.remove(name)
        else:
            session.unconfirmed += 1
        if user not in session.proven:
            session.unproven += 1


def load(folder: Path) -> ShopDatabase:
    """Return the database of the published tasks."""
    return ShopDatabase(json.loads((folder / "db.json").read_text(encoding="utf-8")))
