"""Fills an empty database with the customers, orders and products of the example."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import aiosqlite
import yaml

SEED = Path(__file__).with_name("seed.yaml")
CATALOGUE = Path(__file__).parents[2] / "intents" / "catalogue.yaml"
"""The products that the bot recommends are those that the shop has."""


def read_yaml(path: Path) -> Mapping[str, Any]:
    """Read a file of the example."""
    content: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def read_products(catalogue: Path) -> Sequence[Mapping[str, Any]]:
    """Return the products of a catalogue; none where there is no such file."""
    return read_yaml(catalogue)["products"] if catalogue.is_file() else ()


async def fill(
    database: aiosqlite.Connection, seed: Mapping[str, Any], products: Sequence[Mapping[str, Any]]
) -> None:
    """Fill the tables, where nobody has been a customer yet."""
    cursor = await database.execute("SELECT count(*) FROM customers")
    (count,) = await cursor.fetchone() or (0,)
    if count:
        return
    for customer in seed["customers"]:
        await _insert(database, "customers", **customer)
    addresses = {each["id"]: each["address"] for each in seed["customers"]}
    for order in seed["orders"]:
        await _order(database, order, addresses[order["customer"]])
    called = _short_names(seed["orders"])
    for product in products:
        await _product(database, product, called.get(product["id"], []))


async def _order(database: aiosqlite.Connection, order: Mapping[str, Any], address: str) -> None:
    number = order["number"]
    dates = {key: str(order.get(key, "")) for key in ("placed", "eta", "delivered")}
    texts = {key: order.get(key, "") for key in ("carrier", "tracking")}
    kept = {key: order[key] for key in ("number", "customer", "status", "total")}
    late = int(order.get("late", False))
    await _insert(database, "orders", **kept, **dates, **texts, late=late, address=address)
    for item in order["items"]:
        written = {"quantity": 1, **item, "words": json.dumps(item["words"])}
        await _insert(database, "items", number=number, **written)
    if "return" in order:
        sent = order["return"]
        await _insert(
            database,
            "returns",
            number=sent["number"],
            order_number=number,
            kind="return",
            items=json.dumps(sent["items"]),
            reason="",
            state=sent["state"],
            refund=sent["refund"],
            paid_by=sent["by"],
            expected=str(sent["expected"]),
            label_cost="0.00",
            label_key="",
        )


def _short_names(orders: Sequence[Mapping[str, Any]]) -> Mapping[str, list[str]]:
    """Return what orders call each product, such as "Ridge boots", which may be two products."""
    found: dict[str, list[str]] = {}
    for item in (item for order in orders for item in order["items"]):
        names = found.setdefault(item["product"], [])
        names += [item["name"]] if item["name"] not in names else []
    return found


def _short(product: Mapping[str, Any], name: str) -> list[str]:
    """Return a name without its brand, and without what it is: "Squall jacket", "Squall"."""
    brand, _, rest = name.partition(" ")
    if brand.casefold() != str(product.get("attributes", {}).get("brand", "")).casefold():
        return []
    return [rest, rest.rpartition(" ")[0]] if " " in rest else []


async def _product(
    database: aiosqlite.Connection, product: Mapping[str, Any], called: Sequence[str]
) -> None:
    names = product["name"]
    every = list(names.values()) if isinstance(names, dict) else [names]
    await _insert(
        database,
        "products",
        id=product["id"],
        name=every[0],
        words=json.dumps([*every[1:], *called, *_short(product, every[0])], ensure_ascii=False),
        category=product["category"],
    )
    for variant in _variants(product):
        await _insert(database, "variants", product=product["id"], **variant)


def _variants(product: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for variant in product.get("variants", ()):
        yield {
            "sku": variant["sku"],
            "color": str(variant.get("color", "")),
            "size": str(variant.get("size", "")),
            "price": f"{variant.get('price', product.get('price', 0)):.2f}",
            "stock": variant.get("stock", 0),
        }


async def _insert(database: aiosqlite.Connection, table: str, /, **row: object) -> None:
    columns = ", ".join(row)
    marks = ", ".join("?" * len(row))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - our own names
    await database.execute(statement, tuple(row.values()))
