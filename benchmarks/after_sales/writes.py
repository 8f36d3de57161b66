"""What the shop does to its database: the write functions of the published tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.after_sales.database import (
    CHANGED,
    DELIVERED,
    PENDING,
    REASONS,
    Record,
    ShopDatabase,
)
from bot.answering.actions.python import ActionRefused

GIFT_CARD = "gift_card"
ADDRESS = ("address1", "address2", "city", "state", "country", "zip")
"""Keys of an address."""


def cancel_order(shop: ShopDatabase, user: str, order: str, reason: str) -> None:
    """Cancel a pending order; what was paid goes back the way it came."""
    found = shop.order_of(user, order, PENDING)
    if reason not in REASONS:
        raise ActionRefused("no_such_reason")
    shop.written("cancel_order", user)
    refunds = []
    for payment in found["payment_history"]:
        method = payment["payment_method_id"]
        refunds.append(_transaction("refund", payment["amount"], method))
        _credit(shop, user, method, payment["amount"])
    found["status"] = "cancelled"
    found["cancel_reason"] = reason
    found["payment_history"].extend(refunds)


def change_items(
    shop: ShopDatabase,
    user: str,
    order: str,
    items: Sequence[str],
    new: Sequence[str],
    payment: str,
) -> None:
    """Exchange delivered items, or change pending ones, for other variants."""
    found = shop.order_of(user, order, PENDING, DELIVERED)
    difference = _difference(shop, found, items, new)
    method = shop.method(user, payment)
    if method["source"] == GIFT_CARD and method["balance"] < difference:
        raise ActionRefused("low_balance")
    shop.written("change_items", user)
    if found["status"] == DELIVERED:
        found["status"] = "exchange requested"
        found["exchange_items"] = sorted(items)
        found["exchange_new_items"] = sorted(new)
        found["exchange_payment_method_id"] = payment
        found["exchange_price_difference"] = difference
        return
    kind = "payment" if difference > 0 else "refund"
    found["payment_history"].append(_transaction(kind, abs(difference), payment))
    _credit(shop, user, payment, -difference)
    for item, other in zip(items, new, strict=True):
        held = next(each for each in found["items"] if each["item_id"] == item)
        variant = shop.variant(held["product_id"], other)
        held["item_id"], held["price"] = other, variant["price"]
        held["options"] = variant["options"]
    found["status"] = CHANGED


def return_items(
    shop: ShopDatabase, user: str, order: str, items: Sequence[str], payment: str
) -> None:
    """Take delivered items back; the refund goes to where it was paid from, or to a gift card."""
    found = shop.order_of(user, order, DELIVERED)
    method = shop.method(user, payment)
    if method["source"] != GIFT_CARD and payment != original_payment(found):
        raise ActionRefused("payment_not_allowed")
    _all_held(found, items)
    shop.written("return_items", user)
    found["status"] = "return requested"
    found["return_items"] = sorted(items)
    found["return_payment_method_id"] = payment


def change_order_address(
    shop: ShopDatabase, user: str, order: str, address: Mapping[str, str]
) -> None:
    """Send a pending order to another address."""
    found = shop.order_of(user, order, PENDING, CHANGED)
    shop.written("change_order_address", user)
    found["address"] = _address(address)


def change_account_address(shop: ShopDatabase, user: str, address: Mapping[str, str]) -> None:
    """Change the address of an account."""
    shop.written("change_account_address", user)
    shop.session.addresses.append(shop.users[user]["address"])
    shop.users[user]["address"] = _address(address)


def change_payment(shop: ShopDatabase, user: str, order: str, payment: str) -> None:
    """Have a pending order paid another way."""
    found = shop.order_of(user, order, PENDING, CHANGED)
    method = shop.method(user, payment)
    if len(found["payment_history"]) > 1 or payment == original_payment(found):
        raise ActionRefused("payment_not_allowed")
    amount = found["payment_history"][0]["amount"]
    if method["source"] == GIFT_CARD and method["balance"] < amount:
        raise ActionRefused("low_balance")
    shop.written("change_payment", user)
    before = original_payment(found)
    found["payment_history"] += [
        _transaction("payment", amount, payment),
        _transaction("refund", amount, before),
    ]
    _credit(shop, user, payment, -amount)
    _credit(shop, user, before, amount)


def original_payment(order: Record) -> str:
    """Return the method that an order was paid with."""
    return str(order["payment_history"][0]["payment_method_id"])


def price_difference(
    shop: ShopDatabase, order: Record, items: Sequence[str], new: Sequence[str]
) -> float:
    """Return what other variants cost more than items of an order."""
    held = {each["item_id"]: each for each in order["items"]}
    prices = [
        shop.variant(held[item]["product_id"], other)["price"] - held[item]["price"]
        for item, other in zip(items, new, strict=True)
    ]
    return round(float(sum(prices)), 2)


def _difference(
    shop: ShopDatabase, order: Record, items: Sequence[str], new: Sequence[str]
) -> float:
    _all_held(order, items)
    if len(items) != len(new):
        raise ActionRefused("not_found")
    for item, other in zip(items, new, strict=True):
        held = next(each for each in order["items"] if each["item_id"] == item)
        if not shop.variant(held["product_id"], other)["available"]:
            raise ActionRefused("not_available")
    return price_difference(shop, order, items, new)


def _all_held(order: Record, items: Sequence[str]) -> None:
    held = Counter(each["item_id"] for each in order["items"])
    if not items or Counter(items) - held:
        raise ActionRefused("not_found")


def _credit(shop: ShopDatabase, user: str, payment: str, amount: float) -> None:
    method = shop.users[user]["payment_methods"][payment]
    if method["source"] == GIFT_CARD:
        method["balance"] = round(method["balance"] + amount, 2)


def _transaction(kind: str, amount: float, payment: str) -> Record:
    return {"transaction_type": kind, "amount": amount, "payment_method_id": payment}


def _address(address: Mapping[str, Any]) -> Record:
    return {key: str(address.get(key, "")) for key in ADDRESS}
