"""Cases for staff: messages without an answer, and customers who asked for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from sqlalchemy import Connection, exists, func, select, update

from bot.messages import Message
from bot.ports import Clock, ReservedPost
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import cases, messages

CaseKind = Literal["paused", "stale", "given_up", "handoff", "undelivered", "safety"]
"""Came while the bot was paused; was too old to be answered; could not be answered; its author
asked for a person; a post to the conversation could not be delivered; it is about a danger."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case.

    Attributes:
        text: What the customer wrote; empty when it is not, or no longer, in the transcript.
        note: The reason, for staff.
    """

    id: int
    kind: str
    conversation: str
    author: str
    text: str
    note: str
    opened_at: datetime
    closed_at: datetime | None


def open_case(
    connection: Connection, message: Message, kind: CaseKind, *, note: str, at: datetime
) -> None:
    """Open a case within the caller's transaction; idempotent."""
    row = {
        "kind": kind,
        "conversation": message.conversation,
        "event": message.id,
        "author": message.author.key,
        "note": note,
        "opened_at": at,
    }
    connection.execute(insert(connection, cases).values(**row).on_conflict_do_nothing())


def open_undelivered(
    connection: Connection, reserved: ReservedPost, *, note: str, at: datetime
) -> None:
    """Keep for staff that an outgoing post failed, in a transaction that goes on."""
    row = {
        "kind": "undelivered",
        "conversation": reserved.post.conversation,
        "event": reserved.key,
        "author": reserved.post.author,
        "note": note,
        "opened_at": at,
    }
    connection.execute(insert(connection, cases).values(**row).on_conflict_do_nothing())


def open_thread(connection: Connection, case: int, *, thread: str, at: datetime) -> None:
    """Record the inside thread of a case: staff have been told of it."""
    change = update(cases).where(cases.c.id == case)
    connection.execute(change.values(thread=thread, told_at=at))


def thread_of(connection: Connection, case: int) -> str:
    """Return the inside thread of a case as a conversation key; empty while there is none."""
    return connection.scalar(select(cases.c.thread).where(cases.c.id == case)) or ""


def case_of_thread(connection: Connection, conversation: str) -> int | None:
    """Return the latest case that a conversation is the inside thread of; None: of none."""
    query = select(func.max(cases.c.id)).where(cases.c.thread == conversation)
    return connection.scalar(query) if conversation else None


class Cases:
    """The cases of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def open(self, message: Message, kind: CaseKind, note: str = "") -> None:
        """Open a case for a message."""
        now = self._clock.now()
        await self._database.write(
            partial(open_case, message=message, kind=kind, note=note, at=now)
        )

    async def opened(self, message: Message, kind: CaseKind, *, since: datetime) -> bool:
        """Return whether another message of the conversation has a case since a moment."""
        other = exists().where(
            cases.c.opened_at >= since,
            cases.c.kind == kind,
            cases.c.conversation == message.conversation,
            cases.c.event != message.id,
        )
        async with self._database.read() as connection:
            return bool(await connection.scalar(select(other)))

    async def count(self, kind: CaseKind) -> int:
        """Return how many cases of a kind are open."""
        query = select(func.count()).where(cases.c.kind == kind, cases.c.closed_at.is_(None))
        async with self._database.read() as connection:
            return await connection.scalar(query) or 0

    async def listed(self, *, closed: bool = False, limit: int = 100) -> list[Case]:
        """Return open cases, optionally with closed ones, newest first."""
        said = (messages.c.event == cases.c.event) & (messages.c.role == "customer")
        query = (
            select(
                cases.c.id,
                cases.c.kind,
                cases.c.conversation,
                cases.c.author,
                func.coalesce(messages.c.text, "").label("text"),
                cases.c.note,
                cases.c.opened_at,
                cases.c.closed_at,
            )
            .outerjoin_from(cases, messages, said)
            .order_by(cases.c.id.desc())
            .limit(limit)
        )
        if not closed:
            query = query.where(cases.c.closed_at.is_(None))
        async with self._database.read() as connection:
            return [Case(*row) for row in await connection.execute(query)]

    async def close(self, ids: Sequence[int] | None = None) -> int:
        """Close cases, or all of them; return how many were open."""
        change = update(cases).where(cases.c.closed_at.is_(None))
        if ids is not None:
            change = change.where(cases.c.id.in_(ids))
        done = change.values(closed_at=self._clock.now())
        return await self._database.write(lambda connection: connection.execute(done).rowcount)
