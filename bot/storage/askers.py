"""Looks up who started a conversation."""

from __future__ import annotations

from sqlalchemy import select

from bot.storage.engine import Database
from bot.storage.tables import messages


async def asker(database: Database, conversation: str) -> str | None:
    """Return the key of the person who asked first in a conversation; None when unknown."""
    first = (
        select(messages.c.author)
        .where(
            messages.c.conversation == conversation,
            messages.c.role == "customer",
            ~messages.c.private,
        )
        .order_by(messages.c.id)
        .limit(1)
    )
    return await database.query(lambda connection: connection.scalar(first))
