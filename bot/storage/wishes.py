"""Stored wishes: what people want of products."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from bot.ports import Clock
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import wishes


class StoredWishes:
    """The `Wishes` of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def wish(
        self, author: str, conversation: str, *, message: str = ""
    ) -> Mapping[str, Any] | None:
        """Return what a person wants in a conversation, as it was before a message."""
        row = await self._database.query(partial(_data, author=author, conversation=conversation))
        if row is None:
            return None
        found: Mapping[str, Any] | None = row["before" if row["message"] == message else "wish"]
        return found

    async def keep(
        self, author: str, conversation: str, wish: Mapping[str, Any], *, message: str
    ) -> None:
        """Store what a person wants since a message."""

        def write(connection: Connection) -> None:
            row = _data(connection, author, conversation)
            again = row is not None and row["message"] == message
            before = row and row["before" if again else "wish"]
            data = {"wish": dict(wish), "before": before, "message": message}
            fresh = insert(connection, wishes).values(
                author=author, conversation=conversation, data=data, changed_at=self._clock.now()
            )
            connection.execute(
                fresh.on_conflict_do_update(
                    index_elements=["author", "conversation"],
                    set_={"data": fresh.excluded.data, "changed_at": fresh.excluded.changed_at},
                )
            )

        await self._database.write(write)


def _data(connection: Connection, author: str, conversation: str) -> dict[str, Any] | None:
    theirs = (wishes.c.author == author) & (wishes.c.conversation == conversation)
    found: dict[str, Any] | None = connection.scalar(select(wishes.c.data).where(theirs))
    return found
