"""What staff do with cases, inside a transaction: who has a case, and when it ends."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from bot.storage.tables import cases


def held_case(connection: Connection, case: int) -> Row[Any] | None:
    """Return the row of a case; nobody else changes it until the transaction ends.

    On SQLite a transaction that writes excludes all others by itself.
    """
    query = select(cases).where(cases.c.id == case).with_for_update()
    return connection.execute(query).one_or_none()
