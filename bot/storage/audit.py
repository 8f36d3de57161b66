"""The audit log: actions of staff and admins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.storage.dialect import insert
from bot.storage.tables import audit


def record_audit(
    connection: Connection,
    *,
    actor: str,
    action: str,
    at: datetime,
    subject: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Record an action in the transaction that performs it.

    Args:
        connection: In that transaction.
        actor: Key of a person on a platform, or `cli:USER` for the command line.
        action: `pause`, `resume`, `forget` ...
        at: Time of the action.
        subject: What it applied to: a channel, an intent; never a person who was forgotten.
        detail: Further details, as JSON.
    """
    row = {"at": at, "actor": actor, "action": action, "subject": subject, "detail": detail or {}}
    connection.execute(insert(connection, audit).values(row))
