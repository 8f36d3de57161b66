"""The state in which a task must leave the database: its write actions, done on a copy."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.after_sales import writes
from benchmarks.after_sales.database import ShopDatabase

Arguments = Mapping[str, Any]


def expected_writes(folder: Path) -> Mapping[str, Sequence[tuple[str, Arguments]]]:
    """Return the write actions of each published task, by its id."""
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    return {
        str(task["id"]): [
            (each["name"], each["arguments"])
            for each in task["evaluation_criteria"]["actions"] or ()
            if each["name"] in WRITES
        ]
        for task in tasks
    }


def apply(shop: ShopDatabase, name: str, arguments: Arguments) -> None:
    """Do one write action of a published task."""
    WRITES[name](shop, _user(shop, arguments), arguments)


def _user(shop: ShopDatabase, arguments: Arguments) -> str:
    if "user_id" in arguments:
        return str(arguments["user_id"])
    return str(shop.orders[arguments["order_id"]]["user_id"])


def _change(shop: ShopDatabase, user: str, given: Arguments) -> None:
    items = (given["item_ids"], given["new_item_ids"])
    writes.change_items(shop, user, given["order_id"], *items, given["payment_method_id"])


WRITES: Mapping[str, Callable[[ShopDatabase, str, Arguments], None]] = {
    "cancel_pending_order": lambda shop, user, given: writes.cancel_order(
        shop, user, given["order_id"], given["reason"]
    ),
    "modify_pending_order_items": _change,
    "exchange_delivered_order_items": _change,
    "return_delivered_order_items": lambda shop, user, given: writes.return_items(
        shop, user, given["order_id"], given["item_ids"], given["payment_method_id"]
    ),
    "modify_pending_order_address": lambda shop, user, given: writes.change_order_address(
        shop, user, given["order_id"], given
    ),
    "modify_user_address": writes.change_account_address,
    "modify_pending_order_payment": lambda shop, user, given: writes.change_payment(
        shop, user, given["order_id"], given["payment_method_id"]
    ),
}
