"""Turns at telling staff something: one process tells, and not again for some time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from bot.storage.dialect import insert
from bot.storage.tables import alerts


def take_turn(connection: Connection, *, kind: str, now: datetime, again: timedelta) -> bool:
    """Note that staff are told of something now; False when they were told lately.

    Args:
        connection: In a transaction.
        kind: What they are told of.
        now: The time.
        again: How long staff are not told of the same.
    """
    fresh = insert(connection, alerts).values(kind=kind, told_at=now)
    turn = fresh.on_conflict_do_update(
        index_elements=["kind"], set_={"told_at": now}, where=alerts.c.told_at <= now - again
    )
    return connection.execute(turn.returning(alerts.c.kind)).one_or_none() is not None


def clear_turn(connection: Connection, *, kind: str) -> None:
    """Let staff be told of something again at once."""
    connection.execute(delete(alerts).where(alerts.c.kind == kind))
