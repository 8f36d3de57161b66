"""The shop's write functions as actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from benchmarks.after_sales import writes
from benchmarks.after_sales.actions import Returned, Values, as_action, split
from benchmarks.after_sales.database import ShopDatabase
from bot.answering.actions.python import PythonAction


class WriteActions:
    """What is changed.

    Args:
        shop: The database.
    """

    def __init__(self, shop: ShopDatabase) -> None:
        self._shop = shop

    def functions(self) -> Mapping[str, PythonAction]:
        """Return the actions by name."""
        found: Sequence[Callable[[Values, str], Returned]] = (
            self.cancel_order,
            self.change_items,
            self.return_items,
            self.change_order_address,
            self.change_account_address,
            self.change_payment,
        )
        return {each.__name__: as_action(each) for each in found}

    def cancel_order(self, values: Values, _: str) -> Returned:
        """Cancel an order."""
        user, order = values["customer_id"], values["order"]
        writes.cancel_order(self._shop, user, order, values["reason"])
        history = self._shop.orders[order]["payment_history"]
        refunds = [each for each in history if each["transaction_type"] == "refund"]
        return {"refund": f"{sum(each['amount'] for each in refunds):.2f}"}

    def change_items(self, values: Values, _: str) -> Returned:
        """Change pending items, or exchange delivered ones."""
        user, order = values["customer_id"], values["order"]
        items, new = split(values["options"])
        held = self._shop.order_of(user, order)
        difference = writes.price_difference(self._shop, held, items, new)
        writes.change_items(self._shop, user, order, items, new, values["payment"])
        return {"difference": f"{difference:.2f}"}

    def return_items(self, values: Values, _: str) -> Returned:
        """Take items back."""
        user, order, items = values["customer_id"], values["order"], values["items"]
        writes.return_items(self._shop, user, order, items, values["payment"])
        prices = {each["item_id"]: each["price"] for each in self._shop.orders[order]["items"]}
        return {"refund": f"{sum(prices[each] for each in items):.2f}"}

    def change_order_address(self, values: Values, _: str) -> Returned:
        """Send an order elsewhere."""
        user, order = values["customer_id"], values["order"]
        writes.change_order_address(self._shop, user, order, values["address"])
        return {"status": "changed"}

    def change_account_address(self, values: Values, _: str) -> Returned:
        """Change the address of the account."""
        writes.change_account_address(self._shop, values["customer_id"], values["address"])
        return {"status": "changed"}

    def change_payment(self, values: Values, _: str) -> Returned:
        """Have an order paid another way."""
        user, order = values["customer_id"], values["order"]
        writes.change_payment(self._shop, user, order, values["payment"])
        return {"status": "changed"}
