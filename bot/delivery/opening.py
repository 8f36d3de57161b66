"""Which inbox goes with which database."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from bot.delivery.embedded import SqliteInbox
from bot.ports import Clock, Inbox
from bot.storage.engine import Database


def open_inbox(database: Database, clock: Clock) -> AbstractAsyncContextManager[Inbox]:
    """Return the inbox of a database, to be entered with `async with`."""
    if database.path is not None:
        return SqliteInbox(database, clock)
    from bot.delivery.distributed import PostgresInbox

    return PostgresInbox(database, clock)
