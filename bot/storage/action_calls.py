"""Stored writes of actions: each change of state is a compare-and-set, made before what it says.

`planned`: nothing was sent. `sent`: it was, and there is no outcome yet. `done`, `failed`: the
outcome. `unknown`: there was no reply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, exists, func, select, update

from bot.messages import Readers
from bot.ports import OutgoingPost
from bot.storage.audit import record_audit
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.outbox import enqueue
from bot.storage.tables import action_calls, events

CallState = Literal["planned", "sent", "done", "failed", "unknown"]

OPEN: tuple[CallState, ...] = ("sent", "unknown")
"""States in which nobody knows whether the write took place."""


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A write under its idempotency key.

    Attributes:
        values: What it is called with, `customer_id` as well.
        language: BCP 47 tag of the customer's language.
        readers: Who could read where it was asked for.
        result: What it returned, by name.
        error: Name of the shop's error.
        reason: What went wrong, for staff.
        attempts: How often it was sent.
        finished_at: When its outcome was known.
    """

    key: str
    form: str
    action: str
    conversation: str
    author: str
    subject: str
    state: CallState = "planned"
    values: Mapping[str, Any] | None = None
    language: str = ""
    readers: Readers = Readers.OTHERS
    result: Mapping[str, Any] | None = None
    error: str = ""
    reason: str = ""
    attempts: int = 0
    planned_at: datetime | None = None
    sent_at: datetime | None = None
    finished_at: datetime | None = None


class ActionCalls:
    """The stored calls of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan(self, call: StoredCall, at: datetime) -> StoredCall:
        """Store a call as planned, and return it as it is stored.

        One that was sent under its key stays as it is.
        """
        return await self._database.write(partial(_plan, call=call, at=at))

    async def call(self, key: str) -> StoredCall | None:
        """Return a call; None: there is none under this key."""
        return await self._database.query(partial(_call, key=key))

    async def sending(self, call: StoredCall, at: datetime) -> bool:
        """Store that a call is about to be sent; False: somebody else has changed it."""
        changed = {"state": "sent", "attempts": call.attempts + 1, "sent_at": at}
        return await self._database.write(partial(_change, call=call, values=changed))

    async def not_sent(self, call: StoredCall, reason: str) -> bool:
        """Store that nothing was received of a call that was about to be sent."""
        before = call.attempts - 1
        state: CallState = "unknown" if before else "planned"
        changed = {"state": state, "attempts": before, "error": reason}
        return await self._database.write(partial(_change, call=call, values=changed))

    async def unanswered(self, call: StoredCall, reason: str) -> bool:
        """Store that nobody knows what became of a call."""
        changed = {"state": "unknown", "error": reason}
        return await self._database.write(partial(_change, call=call, values=changed))

    async def finish(
        self,
        call: StoredCall,
        state: Literal["done", "failed"],
        at: datetime,
        *,
        result: Mapping[str, Any] | None = None,
        error: str = "",
        reason: str = "",
        post: OutgoingPost | None = None,
        by: str = "",
    ) -> bool:
        """Store the outcome of a call; False: somebody else has changed it.

        Args:
            call: As it was read.
            state: The outcome.
            at: The time.
            result: What it returned, by name.
            error: Name of the shop's error.
            reason: What went wrong, for staff.
            post: Tells the customer, in the same transaction.
            by: Who of staff found it out; empty: nobody had to.
        """
        changed = {
            "state": state,
            "result": {"values": dict(result or {}), "error": error},
            "error": reason,
            "finished_at": at,
        }

        def store(connection: Connection) -> bool:
            if not _change(connection, call, changed):
                return False
            if post is not None:
                enqueue(connection, [post], now=at)
            if by:
                detail = {"state": state, "action": call.action}
                record_audit(
                    connection,
                    actor=by,
                    action="settle_action",
                    at=at,
                    subject=call.key,
                    detail=detail,
                )
            return True

        return await self._database.write(store)

    async def unsettled(self) -> Sequence[StoredCall]:
        """Return calls without an outcome whose customers wait for nothing else, oldest first.

        While an event of the conversation is handled, its answer tells what became of the call.
        """
        busy = exists().where(events.c.conversation == action_calls.c.conversation)
        query = select(action_calls).where(action_calls.c.state.in_(OPEN), ~busy)
        return await self._read(query.order_by(action_calls.c.planned_at))

    async def latest(self, limit: int, *, only_open: bool = False) -> Sequence[StoredCall]:
        """Return the latest calls, or those without an outcome, the latest first."""
        query = select(action_calls).order_by(action_calls.c.planned_at.desc()).limit(limit)
        return await self._read(query.where(action_calls.c.state.in_(OPEN)) if only_open else query)

    async def beginning(self, key: str) -> Sequence[StoredCall]:
        """Return the calls whose keys begin so, two at most."""
        begins = action_calls.c.key.startswith(key, autoescape=True)
        return await self._read(select(action_calls).where(begins).limit(2))

    async def open_since(self, before: datetime) -> int:
        """Return how many calls have had no outcome since a moment."""
        return await self._database.query(partial(open_calls, before=before))

    async def _read(self, query: Select[Any]) -> Sequence[StoredCall]:
        return await self._database.query(
            lambda connection: [_stored(row) for row in connection.execute(query)]
        )


def open_calls(connection: Connection, before: datetime) -> int:
    """Return how many calls have had no outcome since a moment, inside a transaction."""
    query = select(func.count()).where(
        action_calls.c.state.in_(OPEN), action_calls.c.sent_at < before
    )
    return connection.scalar(query) or 0


def _plan(connection: Connection, call: StoredCall, at: datetime) -> StoredCall:
    row = {
        "key": call.key,
        "form": call.form,
        "action": call.action,
        "conversation": call.conversation,
        "author": call.author,
        "subject": call.subject,
        "state": "planned",
        "arguments": {
            "values": dict(call.values or {}),
            "language": call.language,
            "readers": str(call.readers),
        },
        "error": "",
        "attempts": 0,
        "planned_at": at,
    }
    known = insert(connection, action_calls).values(**row)
    connection.execute(
        known.on_conflict_do_update(
            index_elements=["key"],
            set_={"arguments": row["arguments"], "subject": row["subject"]},
            where=action_calls.c.state == "planned",
        )
    )
    found = _call(connection, call.key)
    assert found is not None  # noqa: S101 - it was just stored, or stood there
    return found


def _call(connection: Connection, key: str) -> StoredCall | None:
    row = connection.execute(select(action_calls).where(action_calls.c.key == key)).one_or_none()
    return None if row is None else _stored(row)


def _change(connection: Connection, call: StoredCall, values: Mapping[str, Any]) -> bool:
    unchanged = (
        (action_calls.c.key == call.key)
        & (action_calls.c.state == call.state)
        & (action_calls.c.attempts == call.attempts)
    )
    return bool(connection.execute(update(action_calls).where(unchanged).values(**values)).rowcount)


def _stored(row: Row[Any]) -> StoredCall:
    result = row.result or {}
    return StoredCall(
        key=row.key,
        form=row.form,
        action=row.action,
        conversation=row.conversation,
        author=row.author,
        subject=row.subject,
        state=row.state,
        values=row.arguments["values"],
        language=row.arguments["language"],
        readers=Readers(row.arguments["readers"]),
        result=result.get("values"),
        error=result.get("error", ""),
        reason=row.error,
        attempts=row.attempts,
        planned_at=row.planned_at,
        sent_at=row.sent_at,
        finished_at=row.finished_at,
    )
