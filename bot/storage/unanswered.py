"""Stored questions of channels with `support: true` that the bot was not sure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from bot.conversations.key import app_prefix
from bot.messages import Message
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import unanswered


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A question.

    Attributes:
        text: With personal data replaced.
    """

    id: int
    conversation: str
    text: str
    asked_at: datetime


class UnansweredQuestions:
    """The questions of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, message: Message, text: str, language: str) -> None:
        """Store a question; one that is stored stays as it is.

        Args:
            message: Whose, where and when.
            text: The question, with personal data replaced.
            language: Its BCP 47 tag.
        """
        row = {
            "event": message.id,
            "conversation": message.conversation,
            "author": message.author.key,
            "text": text,
            "language": language,
            "asked_at": message.sent_at,
        }

        def put(connection: Connection) -> None:
            fresh = insert(connection, unanswered).values(**row)
            connection.execute(fresh.on_conflict_do_nothing())

        await self._database.write(put)

    async def untold(
        self, platform: str, *, limit: int
    ) -> tuple[int, Sequence[UnansweredQuestion]]:
        """Return how many questions of a platform staff have not read of, and the first ones."""
        new = unanswered.c.told_at.is_(None) & unanswered.c.conversation.startswith(
            app_prefix(platform), autoescape=True
        )
        columns = (unanswered.c.id, unanswered.c.conversation, unanswered.c.text)
        first = (
            select(*columns, unanswered.c.asked_at)
            .where(new)
            .order_by(unanswered.c.id)
            .limit(limit)
        )
        count = select(func.count()).select_from(unanswered).where(new)

        def look(connection: Connection) -> tuple[int, Sequence[UnansweredQuestion]]:
            found = [UnansweredQuestion(*row) for row in connection.execute(first)]
            return connection.scalar(count) or 0, found

        return await self._database.query(look)

    async def mark_told(self, platform: str, *, up_to: datetime, at: datetime) -> None:
        """Note that staff have read of all questions of a platform that were asked by a time."""
        told = update(unanswered).where(
            unanswered.c.told_at.is_(None),
            unanswered.c.asked_at <= up_to,
            unanswered.c.conversation.startswith(app_prefix(platform), autoescape=True),
        )
        await self._database.write(lambda it: it.execute(told.values(told_at=at)).rowcount)
