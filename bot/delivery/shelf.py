"""The inbox's tables: what every `Inbox` does to them, inside a transaction that it was given.

A claim's token is a fence: each change names it, and one whose token has been replaced by a later
claim changes nothing and raises `ClaimLost`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, select, update

from bot.delivery.codec import decode, encode
from bot.errors import ClaimLost
from bot.messages import Addressing, Event, Pressed
from bot.ports import Backlog, Claim, Outcome
from bot.storage.cases import open_case
from bot.storage.dialect import insert
from bot.storage.tables import accepted, dead_letters, events
from bot.storage.transcripts import record

_DIRECT = {Addressing.DIRECT, Addressing.MENTION}


def put(connection: Connection, event: Event, *, now: datetime) -> int | None:
    """Store an event; return its number, or None when it was stored before."""
    message = event.message
    fresh = insert(connection, accepted).values(event=message.id, at=now).on_conflict_do_nothing()
    if connection.execute(fresh.returning(accepted.c.event)).one_or_none() is None:
        return None
    row = insert(connection, events).values(
        id=message.id,
        conversation=message.conversation,
        direct=isinstance(event, Pressed) or message.addressing in _DIRECT,
        payload=encode(event),
        accepted_at=now,
        due_at=now,
        attempt=0,
        interrupted=0,
        posted=[],
        reason="",
    )
    number: int = connection.execute(row.returning(events.c.seq)).scalar_one()
    return number


def take(connection: Connection, number: int, *, token: str) -> Claim | None:
    """Claim an event by its number; None when it is there no more."""
    died = case((events.c.token.is_not(None), 1), else_=0)
    row = connection.execute(
        update(events)
        .where(events.c.seq == number)
        .values(
            token=token,
            attempt=events.c.attempt + 1,
            interrupted=events.c.interrupted + died,
        )
        .returning(events.c.payload, events.c.attempt, events.c.posted, events.c.interrupted)
    ).one_or_none()
    if row is None:
        return None
    return Claim(decode(row.payload), row.attempt, tuple(row.posted), token, row.interrupted)


def checkpoint(connection: Connection, claim: Claim, posted: Sequence[str]) -> None:
    """Remember what has been posted for a claim."""
    _update(connection, claim, posted=list(posted))


def put_back(connection: Connection, claim: Claim, *, reason: str, due_at: datetime) -> None:
    """Give a claimed event back."""
    _update(connection, claim, token=None, reason=reason, due_at=due_at)


def finish(connection: Connection, claim: Claim, outcome: Outcome, *, now: datetime) -> None:
    """Remove a claimed event and write what came of it."""
    _remove(connection, claim)
    record(connection, claim.event, outcome, now)


def bury(connection: Connection, claim: Claim, *, reason: str, now: datetime) -> None:
    """Move a claimed event to the dead letters."""
    row = _remove(connection, claim)
    letter = insert(connection, dead_letters).values(
        id=row.id,
        conversation=row.conversation,
        payload=row.payload,
        attempts=row.attempt,
        reason=reason,
        accepted_at=row.accepted_at,
        buried_at=now,
    )
    connection.execute(letter.on_conflict_do_nothing())
    open_case(connection, claim.event.message, "given_up", note=reason, at=now)


def waiting(connection: Connection) -> Sequence[Row[int, str, datetime]]:
    """Return number, conversation and due time of everything in the inbox, oldest first."""
    rows = select(events.c.seq, events.c.conversation, events.c.due_at).order_by(events.c.seq)
    return connection.execute(rows).all()


def backlog(connection: Connection, *, now: datetime) -> Backlog:
    """Count what is in the inbox, and tell the age of the oldest."""
    depth = connection.execute(select(func.count()).select_from(events)).scalar_one()
    oldest = select(events.c.accepted_at).order_by(events.c.seq).limit(1)
    accepted_at = connection.execute(oldest).scalar_one_or_none()
    age = 0.0 if accepted_at is None else max(0.0, (now - accepted_at).total_seconds())
    return Backlog(depth, age)


def _update(connection: Connection, claim: Claim, **values: Any) -> None:  # noqa: ANN401 - columns
    changed = connection.execute(
        update(events)
        .where(events.c.id == claim.event.message.id, events.c.token == claim.token)
        .values(**values)
    )
    if not changed.rowcount:
        raise _lost(claim)


def _remove(connection: Connection, claim: Claim) -> Row[Any]:
    row = connection.execute(
        delete(events)
        .where(events.c.id == claim.event.message.id, events.c.token == claim.token)
        .returning(*events.c)
    ).one_or_none()
    if row is None:
        raise _lost(claim)
    return row


def _lost(claim: Claim) -> ClaimLost:
    return ClaimLost(f"{claim.event.message.id} was taken over by another worker")
