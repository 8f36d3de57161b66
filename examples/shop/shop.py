"""The example shop over its database: one transaction a request, one request at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any, Self

import aiosqlite

from examples.shop import people
from examples.shop.seeding import CATALOGUE, SEED, fill, read_products, read_yaml
from examples.shop.tables import TABLES


class Shop:
    """A shop; `Shop.open` fills an empty database with the example.

    Attributes:
        today: The day that it always is in the shop.
    """

    def __init__(self, database: aiosqlite.Connection, today: date) -> None:
        self._database = database
        self._lock = asyncio.Lock()
        self.today = today

    @classmethod
    @asynccontextmanager
    async def open(
        cls, path: Path | None = None, *, seed: Path = SEED, catalogue: Path = CATALOGUE
    ) -> AsyncIterator[Self]:
        """Open the shop.

        Args:
            path: The SQLite file; None: in memory.
            seed: Its customers and orders.
            catalogue: Its products and their stock.
        """
        content, products = read_yaml(seed), read_products(catalogue)
        async with aiosqlite.connect(path or ":memory:") as database:
            database.row_factory = aiosqlite.Row
            await database.executescript(TABLES)
            await fill(database, content, products)
            await database.commit()
            yield cls(database, content["today"])

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Lend the database; what was changed is kept unless an exception is raised."""
        async with self._lock:
            try:
                yield self._database
            except BaseException:
                await self._database.rollback()
                raise
            await self._database.commit()

    async def mails(self, customer: str = "") -> list[dict[str, Any]]:
        """Return the mails to a customer, or to all, the newest first."""
        async with self.transaction() as database:
            return await people.mails(database, customer)

    async def link_code(self, customer: str) -> str:
        """Make the code that a signed-in customer sends to the bot."""
        async with self.transaction() as database:
            return await people.link_code(database, customer)

    async def change_email(self, customer: str, email: str) -> None:
        """Let a customer have another e-mail address."""
        async with self.transaction() as database:
            await people.change_email(database, customer, email)

    async def note(self, number: str, text: str) -> None:
        """Write the customer's delivery note onto an order."""
        async with self.transaction() as database:
            await database.execute("UPDATE orders SET note = ? WHERE number = ?", (text, number))

    async def rows(self, number: str) -> dict[str, list[dict[str, Any]]]:
        """Return all that is stored about an order, to be compared before and after."""
        found: dict[str, list[dict[str, Any]]] = {}
        async with self.transaction() as database:
            for table, column in _OF_ORDER.items():
                cursor = await database.execute(
                    f"SELECT * FROM {table} WHERE {column} = ?",  # noqa: S608 - our own names
                    (number,),
                )
                found[table] = [dict(row) for row in await cursor.fetchall()]
        return found


_OF_ORDER = {
    "orders": "number",
    "items": "number",
    "returns": "order_number",
    "claims": "order_number",
}
