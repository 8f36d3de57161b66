"""Who wrote in a channel lately, by what was decided about each line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from bot.conversations.key import channel_of
from bot.messages import Message
from bot.ports import ChannelLine
from bot.storage.engine import Database
from bot.storage.tables import decisions

LIMIT = 500
"""Decisions that are looked through, of all channels."""


class StoredChannelLines:
    """The `ChannelLines` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self, message: Message, *, since: datetime) -> Sequence[ChannelLine]:
        """Return the lines of a message's channel before it, the latest first."""
        channel = channel_of(message.conversation)
        query = (
            select(decisions.c.author, decisions.c.kind, decisions.c.conversation)
            .where(decisions.c.at >= since, decisions.c.message != message.id)
            .order_by(decisions.c.at.desc())
            .limit(LIMIT)
        )

        def look(connection: Connection) -> list[ChannelLine]:
            rows = connection.execute(query)
            return [
                ChannelLine(row.author, row.kind)
                for row in rows
                if channel_of(row.conversation) == channel
            ]

        return await self._database.query(look)
