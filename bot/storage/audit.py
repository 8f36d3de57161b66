"""What staff and admins did."""

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
    """Write down a deed in the transaction that does it.

    Args:
        connection: In that transaction.
        actor: Who: the key of a person on a platform, or `cli:USER` for the command line.
        action: What: `pause`, `resume`, `forget` ...
        at: When.
        subject: To what: a channel, an intent; never a person who was forgotten.
        detail: What else to know, as JSON holds it.
    """
    row = {"at": at, "actor": actor, "action": action, "subject": subject, "detail": detail or {}}
    connection.execute(insert(connection, audit).values(row))
