"""Orders: looked up, cancelled, sent to another address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import aiosqlite

from examples.shop.errors import Refused, invalid, not_found, not_possible

REFUND_DAYS = 5
"""Working days until money is back; weekends are not looked at here."""

SHORTEST_ADDRESS = 10


async def one(database: aiosqlite.Connection, customer: str, number: str) -> dict[str, Any]:
    """Return the row of an order of this customer.

    Raises:
        Refused: There is none; an order of somebody else is the same as none.
    """
    cursor = await database.execute(
        "SELECT * FROM orders WHERE number = ? AND customer = ?", (number, customer)
    )
    row = await cursor.fetchone()
    if row is None:
        raise not_found()
    return dict(row)


async def items(database: aiosqlite.Connection, number: str) -> list[dict[str, Any]]:
    """Return the rows of the items of an order."""
    cursor = await database.execute(
        "SELECT * FROM items WHERE number = ? ORDER BY rowid", (number,)
    )
    return [dict(row) for row in await cursor.fetchall()]


def shown(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item as customers and forms see it."""
    label = ", ".join(part for part in (item["name"], item["options"]) if part)
    return {
        "sku": item["sku"],
        "name": item["name"],
        "label": label,
        "words": [item["name"], *json.loads(item["words"])],
        "quantity": item["quantity"],
        "price": item["price"],
        "state": item["state"],
    }


async def details(database: aiosqlite.Connection, customer: str, number: str) -> dict[str, Any]:
    """Return an order with its items."""
    row = await one(database, customer, number)
    parts = [shown(each) for each in await items(database, number)]
    late = bool(row["late"])
    kept = ("number", "placed", "eta", "delivered", "carrier", "tracking", "total")
    return {
        **{key: row[key] for key in kept},
        "status": "delayed" if late and row["status"] == "shipped" else row["status"],
        "late": late,
        "address": row["address"],
        "note": row["note"],
        "items": parts,
        "contents": "; ".join(_counted(each) for each in parts),
    }


async def every(database: aiosqlite.Connection, customer: str) -> list[dict[str, Any]]:
    """Return the orders of a customer, the newest first."""
    cursor = await database.execute(
        "SELECT number FROM orders WHERE customer = ? ORDER BY placed DESC, number", (customer,)
    )
    return [await details(database, customer, row["number"]) for row in await cursor.fetchall()]


async def cancel(
    database: aiosqlite.Connection, customer: str, number: str, today: date
) -> dict[str, Any]:
    """Cancel an order that is not packed yet."""
    row = await one(database, customer, number)
    if row["status"] == "cancelled":
        raise Refused(410, "already_cancelled")
    if row["status"] != "processing":
        raise not_possible("already_sent")
    await database.execute("UPDATE orders SET status = 'cancelled' WHERE number = ?", (number,))
    back = today + timedelta(days=REFUND_DAYS)
    return {"number": number, "status": "cancelled", "refund": row["total"], "expected": str(back)}


async def move(
    database: aiosqlite.Connection, customer: str, number: str, address: str
) -> dict[str, Any]:
    """Have an order that is not packed yet delivered elsewhere."""
    row = await one(database, customer, number)
    if row["status"] == "cancelled":
        raise Refused(410, "already_cancelled")
    if row["status"] != "processing":
        raise not_possible("already_sent")
    whole = " ".join(address.split())
    if complaint(whole):
        raise invalid("incomplete_address")
    await database.execute("UPDATE orders SET address = ? WHERE number = ?", (whole, number))
    return {"number": number, "address": whole, "former_address": row["address"]}


def complaint(address: str) -> str:
    """Return what is missing in an address; empty: nothing that can be seen."""
    if not any(sign.isdigit() for sign in address):
        return "no_number"
    return "too_short" if len(address) < SHORTEST_ADDRESS else ""


def _counted(item: Mapping[str, Any]) -> str:
    return f"{item['quantity']} × {item['label']}"
