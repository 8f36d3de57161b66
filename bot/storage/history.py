"""Stored history, for adapters that catch up after a downtime."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import cast

from sqlalchemy import Connection, exists, func, select

from bot.conversations.key import MessageId, app_prefix, platform_of
from bot.messages import Readers
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import accepted, cases, conversations, events, first_starts, messages

NEWEST = 500
"""Number of accepted messages to read: enough to skip presses, and to know who has written."""


class StoredHistory:
    """The `History` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def accepted(self, prefix: str) -> Sequence[str]:
        """Return the ids of the messages accepted last, newest first."""
        newest = (
            select(accepted.c.event)
            .where(accepted.c.event.startswith(prefix, autoescape=True))
            .order_by(accepted.c.at.desc())
            .limit(NEWEST)
        )
        async with self._database.read() as connection:
            return (await connection.scalars(newest)).all()

    async def conversations(
        self, prefix: str, *, since: datetime, limit: int
    ) -> Mapping[str, datetime]:
        """Return conversations that the bot takes part in, most recently active first.

        The threads of open cases are among them: staff answer customers there.
        """
        known = (
            select(conversations.c.key, conversations.c.started_at)
            .where(
                conversations.c.key.startswith(prefix, autoescape=True),
                conversations.c.latest_at >= since,
                conversations.c.spoken,
            )
            .order_by(conversations.c.latest_at.desc())
            .limit(limit)
        )
        # The bot is about to post there; the first such message is the first in order.
        coming = (
            select(events.c.conversation, events.c.payload["message", "sent_at"].as_string())
            .where(events.c.conversation.startswith(prefix, autoescape=True), events.c.direct)
            .order_by(events.c.seq.desc())
            .limit(limit)
        )
        inside = (
            select(cases.c.thread, cases.c.opened_at)
            .where(cases.c.thread.startswith(prefix, autoescape=True), cases.c.closed_at.is_(None))
            .order_by(cases.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            spoken = [tuple(row) for row in await connection.execute(known)]
            threads = [tuple(row) for row in await connection.execute(inside)]
            waiting = [tuple(row) for row in await connection.execute(coming)]
        begun = {key: datetime.fromisoformat(sent_at) for key, sent_at in waiting}
        return dict([*(begun | dict(threads) | dict(spoken)).items()][:limit])

    async def first_start(self, source: str, now: datetime) -> datetime:
        """Return when the bot first listened to a source of messages; `now` for a new source.

        In a database from before this was stored, the first conversation counts.
        """
        return await self._database.write(partial(_first_start, source=source, now=now))

    async def readers(self, conversation: str) -> Readers | None:
        """Return who can read a channel, as reported with the latest message there."""
        stored = select(conversations.c.readers).where(conversations.c.key == conversation)
        coming = (
            select(events.c.payload["message", "readers"].as_string())
            .where(events.c.conversation == conversation, events.c.direct)
            .order_by(events.c.seq.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            stored_readers = await connection.scalar(stored) or await connection.scalar(coming)
        return Readers(stored_readers) if stored_readers else None

    async def stored(self, prefix: str, *, since: datetime, conversation: str = "") -> set[str]:
        """Return the ids of messages that people sent since a moment."""
        said = select(messages.c.event).where(
            messages.c.event.startswith(prefix, autoescape=True),
            messages.c.role.in_(("customer", "staff")),
        )
        sent_at = events.c.payload["message", "sent_at"].as_string()
        coming = select(events.c.id, sent_at).where(
            events.c.id.startswith(prefix, autoescape=True),
            ~events.c.withdrawn,
            events.c.payload["event"].as_string() == "received",
        )
        if conversation:
            said = said.where(messages.c.conversation == conversation)
            coming = coming.where(events.c.conversation == conversation)
        async with self._database.read() as connection:
            handled = (await connection.scalars(said.where(messages.c.at > since))).all()
            waiting = [tuple(row) for row in await connection.execute(coming)]
        late = [each for each, at in waiting if datetime.fromisoformat(at) > since]
        return {each for each in (*handled, *late) if not MessageId.parse(each).kind}

    async def replies(self, conversation: str, *, since: datetime) -> Sequence[str]:
        """Return the bot's replies in a conversation since a moment, in Markdown."""
        said = (
            select(messages.c.text)
            .where(
                messages.c.conversation == conversation,
                messages.c.role == "bot",
                messages.c.at >= since,
            )
            .order_by(messages.c.id)
        )
        async with self._database.read() as connection:
            return (await connection.scalars(said)).all()


def _first_start(connection: Connection, *, source: str, now: datetime) -> datetime:
    platform = app_prefix(platform_of(source))
    known = connection.scalar(select(first_starts.c.at).where(first_starts.c.source == source))
    if known is not None:
        return cast("datetime", known)
    noted = exists().where(first_starts.c.source.startswith(platform, autoescape=True))
    earliest = select(func.min(conversations.c.started_at)).where(
        conversations.c.key.startswith(platform, autoescape=True), ~noted
    )
    begun = cast("datetime | None", connection.scalar(earliest))
    row = {"source": source, "at": min(begun or now, now)}
    connection.execute(insert(connection, first_starts).values(**row).on_conflict_do_nothing())
    return cast(
        "datetime",
        connection.scalar(select(first_starts.c.at).where(first_starts.c.source == source)),
    )
