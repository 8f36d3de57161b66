"""Returns, exchanges, refunds and warranty claims."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

import aiosqlite

from examples.shop import orders
from examples.shop.errors import invalid, not_found, not_possible, taken, too_late

RETURN_DAYS = 60
HAND_IN_DAYS = 14
CHEAP_LABELS = {"NL", "BE", "LU", "DE"}
OUTSIDE_THE_EU = {"GB", "CH", "NO"}
WARRANTY_YEARS = {"tents": 5, "backpacks": 5, "lights": 2}
OTHER_WARRANTY = 3
FREE_REASONS = {"faulty", "not_as_described"}

Purpose = Literal["return", "exchange", "claim"]


async def eligible(
    database: aiosqlite.Connection, customer: str, number: str, purpose: Purpose, today: date
) -> dict[str, Any]:
    """Return the items of an order that can be returned, exchanged or claimed for.

    Raises:
        Refused: None can be, with the reason.
    """
    order = await orders.one(database, customer, number)
    if order["status"] != "delivered":
        raise not_possible("not_delivered")
    rows = await orders.items(database, number)
    if purpose == "claim":
        left = [each for each in rows if covered_until(order, each) >= today]
    else:
        left = [each for each in rows if not each["state"]]
        if date.fromisoformat(order["delivered"]) + timedelta(days=RETURN_DAYS) < today:
            raise too_late()
        if not left:
            raise taken("already_returned")
    if not left:
        raise too_late()
    return {"number": number, "items": [orders.shown(each) for each in left]}


async def open_return(
    database: aiosqlite.Connection,
    customer: str,
    number: str,
    skus: Sequence[str],
    reason: str,
    today: date,
) -> dict[str, Any]:
    """Open a return and make its label."""
    left = (await eligible(database, customer, number, "return", today))["items"]
    chosen = _chosen(left, skus)
    cost = await _label_cost(database, customer, reason)
    value = sum((Decimal(each["price"]) * each["quantity"] for each in chosen), Decimal())
    made = await _sent_back(
        database,
        number,
        chosen,
        kind="return",
        reason=reason,
        refund=str(max(value - cost, Decimal())),
        label_cost=str(cost),
    )
    until = today + timedelta(days=HAND_IN_DAYS)
    return {**made, "refund": str(value - cost), "label_cost": str(cost), "until": str(until)}


async def other_variants(
    database: aiosqlite.Connection, customer: str, number: str, sku: str
) -> list[dict[str, Any]]:
    """Return the other variants of the same product that are in stock."""
    await orders.one(database, customer, number)
    cursor = await database.execute(
        "SELECT other.* FROM variants AS other JOIN variants AS mine USING (product)"
        " WHERE mine.sku = ? AND other.sku != ? AND other.stock > 0 ORDER BY other.rowid",
        (sku, sku),
    )
    return [_variant(dict(row)) for row in await cursor.fetchall()]


async def open_exchange(
    database: aiosqlite.Connection, customer: str, number: str, sku: str, to: str, today: date
) -> dict[str, Any]:
    """Exchange an item for another variant, which is kept for the customer."""
    left = (await eligible(database, customer, number, "exchange", today))["items"]
    chosen = _chosen(left, [sku])
    if await _country(database, customer) in OUTSIDE_THE_EU:
        raise not_possible("customs")
    others = await other_variants(database, customer, number, sku)
    wanted = next((each for each in others if each["sku"] == to), None)
    if wanted is None:
        raise invalid("sold_out")
    await database.execute("UPDATE variants SET stock = stock - 1 WHERE sku = ?", (to,))
    made = await _sent_back(
        database, number, chosen, kind="exchange", reason="", refund="0.00", label_cost="0.00"
    )
    return {**made, "new_item": wanted["label"], "until": str(today + timedelta(days=7))}


async def refund(
    database: aiosqlite.Connection, customer: str, number: str, today: date
) -> dict[str, Any]:
    """Return how far the refund of an order is."""
    order = await orders.one(database, customer, number)
    cursor = await database.execute(
        "SELECT * FROM returns WHERE order_number = ? AND kind = 'return' ORDER BY rowid DESC",
        (number,),
    )
    row = await cursor.fetchone()
    if row is not None:
        kept = ("state", "refund", "paid_by", "expected")
        return {"number": number, "return_number": row["number"], **{k: row[k] for k in kept}}
    if order["status"] == "cancelled":
        expected = str(today + timedelta(days=orders.REFUND_DAYS))
        return {"number": number, "state": "cancelled", "refund": order["total"]} | {
            "return_number": "",
            "paid_by": "",
            "expected": expected,
        }
    return {"number": number, "state": "none", "refund": "", "return_number": ""} | {
        "paid_by": "",
        "expected": "",
    }


async def open_claim(
    database: aiosqlite.Connection, customer: str, number: str, sku: str, fault: str, today: date
) -> dict[str, Any]:
    """Open a warranty claim."""
    left = (await eligible(database, customer, number, "claim", today))["items"]
    _chosen(left, [sku])
    if not fault.strip():
        raise invalid("no_fault")
    rows = await orders.items(database, number)
    item = next(each for each in rows if each["sku"] == sku)
    order = await orders.one(database, customer, number)
    claim = await _next(database, "claims", "W", 4100)
    await database.execute(
        "INSERT INTO claims (number, order_number, sku, fault, state) VALUES (?, ?, ?, ?, 'open')",
        (claim, number, sku, fault),
    )
    until = covered_until(order, item)
    return {"claim": claim, "item": orders.shown(item)["label"], "covered_until": str(until)}


def covered_until(order: Mapping[str, Any], item: Mapping[str, Any]) -> date:
    """Return the last day of the warranty."""
    years = WARRANTY_YEARS.get(item["category"], OTHER_WARRANTY)
    day = date.fromisoformat(order["delivered"])
    return day.replace(year=day.year + years, day=min(day.day, 28))


def _chosen(left: Sequence[Mapping[str, Any]], skus: Sequence[str]) -> list[Mapping[str, Any]]:
    chosen = [each for each in left if each["sku"] in skus]
    if not chosen or len(chosen) != len(set(skus)):
        raise invalid("not_in_order")
    return chosen


async def _sent_back(
    database: aiosqlite.Connection,
    number: str,
    chosen: Sequence[Mapping[str, Any]],
    **values: str,
) -> dict[str, Any]:
    """Store what comes back, and return its number and the key of its label."""
    made = await _next(database, "returns", "R", 2300)
    key = secrets.token_urlsafe(9)
    skus = json.dumps([each["sku"] for each in chosen])
    row = {**values, "number": made, "order_number": number, "items": skus, "label_key": key}
    row |= {"state": "open", "paid_by": "", "expected": ""}
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    await database.execute(
        f"INSERT INTO returns ({columns}) VALUES ({marks})",  # noqa: S608 - our own names
        tuple(row.values()),
    )
    state = "returned" if values["kind"] == "return" else "exchanged"
    for each in chosen:
        await database.execute(
            "UPDATE items SET state = ? WHERE number = ? AND sku = ?", (state, number, each["sku"])
        )
    labels = ", ".join(each["label"] for each in chosen)
    return {"return_number": made, "items": labels, "label": f"/labels/{key}"}


async def label(database: aiosqlite.Connection, key: str) -> dict[str, Any]:
    """Return what stands on a label; whoever has its key may print it."""
    cursor = await database.execute(
        "SELECT * FROM returns WHERE label_key = ? AND label_key != ''", (key,)
    )
    row = await cursor.fetchone()
    if row is None:
        raise not_found()
    return dict(row)


async def _label_cost(database: aiosqlite.Connection, customer: str, reason: str) -> Decimal:
    if reason in FREE_REASONS:
        return Decimal("0.00")
    country = await _country(database, customer)
    if country in CHEAP_LABELS:
        return Decimal("3.95")
    return Decimal("12.95" if country in OUTSIDE_THE_EU else "6.95")


async def _country(database: aiosqlite.Connection, customer: str) -> str:
    cursor = await database.execute("SELECT country FROM customers WHERE id = ?", (customer,))
    row = await cursor.fetchone()
    return row["country"] if row else ""


async def _next(
    database: aiosqlite.Connection, table: Literal["returns", "claims"], letter: str, first: int
) -> str:
    cursor = await database.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
    (count,) = await cursor.fetchone() or (0,)
    return f"{letter}{first + count + 1}"


def _variant(row: Mapping[str, Any]) -> dict[str, Any]:
    size = f"size {row['size']}" if row["size"] else ""
    label = ", ".join(part for part in (row["color"].replace("_", " "), size) if part) or row["sku"]
    words = [part for part in (row["size"], row["color"]) if part]
    return {"sku": row["sku"], "label": label, "words": words, "price": row["price"]}
