"""Products and what is in stock."""

from __future__ import annotations

import json
from typing import Any

import aiosqlite

from examples.shop.errors import not_found

FEW = 3
"""So many left are said to be few."""


async def products(database: aiosqlite.Connection) -> list[dict[str, Any]]:
    """Return all products, as the choices of a form."""
    cursor = await database.execute("SELECT * FROM products ORDER BY rowid")
    return [
        {"value": row["id"], "label": row["name"], "words": json.loads(row["words"])}
        for row in await cursor.fetchall()
    ]


async def of_product(
    database: aiosqlite.Connection, product: str, size: str = ""
) -> dict[str, Any]:
    """Return whether a product is in stock, in a size or in any."""
    cursor = await database.execute("SELECT name FROM products WHERE id = ?", (product,))
    named = await cursor.fetchone()
    if named is None:
        raise not_found()
    cursor = await database.execute(
        "SELECT * FROM variants WHERE product = ? ORDER BY rowid", (product,)
    )
    rows = [dict(row) for row in await cursor.fetchall()]
    size = size.strip().lower() if any(row["size"] for row in rows) else ""
    wanted = [row for row in rows if not size or row["size"].lower() == size]
    return {
        "name": named["name"],
        "state": _state(wanted, sum(row["stock"] for row in wanted)),
        "count": sum(row["stock"] for row in wanted),
        "colors": _listed(row["color"] for row in wanted if row["stock"]),
        "sizes": _listed(row["size"] for row in rows if row["stock"]),
    }


def _state(wanted: list[dict[str, Any]], count: int) -> str:
    if not wanted:
        return "unknown_size"
    if not count:
        return "sold_out"
    return "few" if count <= FEW else "in_stock"


def _listed(words: Any) -> str:  # noqa: ANN401 - any texts
    return ", ".join(dict.fromkeys(word for word in words if word))
