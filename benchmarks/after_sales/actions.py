"""The shop's functions as actions: reads that find what a customer means, and writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.after_sales.database import CHANGED, DELIVERED, PENDING, Record, ShopDatabase
from benchmarks.after_sales.finding import addresses, payments
from benchmarks.after_sales.finding.items import find_items, points_back
from benchmarks.after_sales.finding.orders import find_order
from benchmarks.after_sales.finding.people import find_user
from benchmarks.after_sales.finding.variants import find_variants
from benchmarks.after_sales.writes import GIFT_CARD, original_payment, price_difference
from bot.answering.actions.python import ActionContext, ActionRefused, PythonAction

STATUSES: Mapping[str, Sequence[str]] = {
    "find_order": (),
    "find_order_to_cancel": (PENDING,),
    "find_order_to_return": (DELIVERED,),
    "find_order_to_change": (PENDING, DELIVERED),
    "find_order_to_redirect": (PENDING, CHANGED),
}
"""By action: the statuses that an order must have."""

BECOMES = ">"
"""Between an item and what is wanted instead, in the value of a slot."""

Values = Mapping[str, Any]
Returned = Mapping[str, Any]


def refused(reason: str) -> Returned:
    """Return that a value is not taken, and why."""
    return {"ok": False, "reason": reason}


def taken(value: object, shown: str) -> Returned:
    """Return that a value is taken."""
    return {"ok": True, "value": value, "shown": shown}


class Reads:
    """What is looked up.

    Args:
        shop: The database.
    """

    def __init__(self, shop: ShopDatabase) -> None:
        self._shop = shop

    def functions(self) -> Mapping[str, PythonAction]:
        """Return the actions by name."""
        found: Sequence[Callable[[Values, str], Returned]] = (
            self.find_user,
            self.find_order,
            self.find_items,
            self.find_options,
            self.find_refund,
            self.find_difference,
            self.find_payment,
            self.find_address,
            self.get_order,
            self.get_product,
            self.get_account,
        )
        return {each.__name__: as_action(each) for each in found}

    def find_user(self, values: Values, _: str) -> Returned:
        """Find a customer by what they write; this is the proof of identity."""
        user = find_user(self._shop.users, str(values["code"]))
        if user is None:
            raise ActionRefused("not_found")
        self._shop.session.proven.add(user)
        return {"subject": user}

    def find_order(self, values: Values, action: str) -> Returned:
        """Find the order that is meant."""
        orders = self._shop.orders_of(values["customer_id"])
        session, statuses = self._shop.session, STATUSES[action]
        found = find_order(orders, str(values["value"]), statuses=statuses, earlier=session.orders)
        if found.unknown:
            return refused(f"There is no order {found.unknown} of yours.")
        if found.order is None:
            return refused(f"Which of these do you mean? {_listed(found.unclear)}")
        number, status = found.order["order_id"], found.order["status"]
        session.orders.append(number)
        session.said[number] = str(values["value"])
        if statuses and status not in statuses:
            return refused(f"Order {number} is {status}, so that cannot be done with it.")
        return taken(number, f"{number} ({_names(found.order['items'])})")

    def find_items(self, values: Values, _: str) -> Returned:
        """Find the items of the order that are meant."""
        order = self._order(values)
        found = find_items(order["items"], str(values["value"]))
        if not found.items and points_back(str(values["value"])):
            found = find_items(order["items"], self._shop.session.said.get(order["order_id"], ""))
        if not found.items:
            return refused(f"Which of these do you mean? {_described(found.unclear)}")
        return taken([each["item_id"] for each in found.items], _described(found.items))

    def find_options(self, values: Values, _: str) -> Returned:
        """Find the variants that are wanted instead."""
        order = self._order(values)
        items = _items(order, values["items"])
        others = [
            item
            for each in self._shop.orders_of(values["customer_id"])
            if each is not order
            for item in each["items"]
        ]
        found = find_variants(items, self._shop.products, str(values["value"]), others)
        if found.unclear:
            return refused(" ".join(_choice(item, several) for item, several in found.unclear))
        if not found.pairs:
            return refused("There is no better one of these.")
        shown = ", ".join(self._becomes(items, *pair) for pair in found.pairs)
        return taken([BECOMES.join(pair) for pair in found.pairs], shown)

    def _becomes(self, items: Sequence[Record], item: str, new: str) -> str:
        held = next(each for each in items if each["item_id"] == item)
        variant = self._shop.variant(held["product_id"], new)
        return f"{held['name']} becomes {_options(variant)}"

    def find_refund(self, values: Values, _: str) -> Returned:
        """Find the payment method that a refund may go to."""
        original = original_payment(self._order(values))
        return self._payment(
            values,
            lambda method: method["id"] == original or method["source"] == GIFT_CARD,
            "A refund can go to how you paid, or to a gift card of yours.",
        )

    def find_difference(self, values: Values, _: str) -> Returned:
        """Find the payment method for a difference in price."""
        order = self._order(values)
        items, new = split(values["options"])
        difference = price_difference(self._shop, order, items, new)
        return self._payment(
            values,
            lambda method: method["source"] != GIFT_CARD or method["balance"] >= difference,
            "Your gift card has not enough left for that.",
        )

    def find_payment(self, values: Values, _: str) -> Returned:
        """Find another payment method for an order."""
        paid = self._order(values)["payment_history"][0]
        return self._payment(
            values,
            lambda method: (
                method["id"] != paid["payment_method_id"]
                and (method["source"] != GIFT_CARD or method["balance"] >= paid["amount"])
            ),
            "It must be a single payment method of yours, another one than now, with enough left.",
        )

    def _payment(self, values: Values, allows: Callable[[Record], bool], rule: str) -> Returned:
        methods = list(self._shop.users[values["customer_id"]]["payment_methods"].values())
        session, original = self._shop.session, original_payment(self._order(values))
        found = payments.find_payments(methods, str(values["value"]), original, session.payment)
        by_id = {each["id"]: each for each in methods}
        usable = [each for each in found if each in by_id and allows(by_id[each])]
        if usable:
            session.payment = usable[0]
            return taken(usable[0], payments.shown(by_id[usable[0]]))
        listed = ", ".join(payments.shown(each) for each in methods)
        return refused(f"{rule if found else 'Which one is it?'} You have: {listed}.")

    def find_address(self, values: Values, _: str) -> Returned:
        """Read an address, or find the known one that is meant."""
        user, text = values["customer_id"], str(values["value"])
        cities = {str(each["address"]["city"]) for each in self._shop.users.values()}
        found = addresses.read_address(text, cities) or addresses.find_address(
            text,
            self._shop.users[user]["address"],
            self._shop.orders_of(user),
            self._shop.session.addresses,
        )
        if found is None:
            return refused("I need street and number, city, state and zip code.")
        return taken(found, addresses.shown(found))

    def get_order(self, values: Values, _: str) -> Returned:
        """Return what there is to know about an order."""
        order = self._order(values)
        tracking = [each for one in order["fulfillments"] for each in one["tracking_id"]]
        return {
            "number": order["order_id"],
            "status": order["status"],
            "items": ", ".join(f"{each['name']} ({each['price']:.2f})" for each in order["items"]),
            "total": f"{sum(each['price'] for each in order['items']):.2f}",
            "tracking": ", ".join(tracking) or "not sent yet",
            "address": addresses.shown(order["address"]),
        }

    def get_product(self, values: Values, _: str) -> Returned:
        """Return the variants of a product."""
        named = (each for each in self._shop.products.values() if each["name"] == values["product"])
        product = next(named)
        usable = [each for each in product["variants"].values() if each["available"]]
        listed = "; ".join(f"{_options(each)}: {each['price']:.2f}" for each in usable)
        return {"name": product["name"], "count": len(usable), "variants": listed}

    def get_account(self, values: Values, _: str) -> Returned:
        """Return what an account has."""
        user = self._shop.users[values["customer_id"]]
        methods = (payments.shown(each) for each in user["payment_methods"].values())
        return {
            "address": addresses.shown(user["address"]),
            "payments": ", ".join(methods),
            "orders": _listed(self._shop.orders_of(values["customer_id"])),
        }

    def _order(self, values: Values) -> Record:
        return self._shop.order_of(values["customer_id"], values["order"])


def as_action(function: Callable[[Values, str], Returned]) -> PythonAction:
    """Return a function of values and the name of the action as an action."""

    async def action(values: Values, context: ActionContext) -> Returned:
        return function(values, context.action)

    return action


def split(pairs: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the items, and what is wanted instead of each, of the value of a slot."""
    halves = [each.partition(BECOMES) for each in pairs]
    return [each[0] for each in halves], [each[2] for each in halves]


def _items(order: Record, ids: Sequence[str]) -> Sequence[Record]:
    left, found = list(ids), []
    for each in order["items"]:
        if each["item_id"] in left:
            left.remove(each["item_id"])
            found.append(each)
    return found


def _names(items: Sequence[Record]) -> str:
    return ", ".join(str(each["name"]) for each in items)


def _described(items: Sequence[Record]) -> str:
    return ", ".join(f"{each['name']} ({_options(each)})" for each in items)


def _options(variant: Record) -> str:
    return ", ".join(f"{name} {value}" for name, value in variant["options"].items())


def _listed(orders: Sequence[Record]) -> str:
    return "; ".join(
        f"{each['order_id']}, {each['status']}: {_names(each['items'])}" for each in orders
    )


def _choice(item: Record, several: Sequence[Record]) -> str:
    listed = "; ".join(f"{_options(each)} at {each['price']:.2f}" for each in several[:10])
    return f"For {item['name']} there is: {listed}."
