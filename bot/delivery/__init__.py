"""The inbox and its workers: each message is accepted once and answered in order."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from bot.delivery.intake import Intake
from bot.delivery.isolation import PAUSE
from bot.delivery.sqlite_inbox import SqliteInbox
from bot.delivery.worker import Worker
from bot.ports import Clock, Inbox
from bot.storage.engine import Database

__all__ = ["Intake", "SqliteInbox", "Worker", "open_inbox"]


def open_inbox(
    database: Database, clock: Clock, *, pause: float = PAUSE
) -> AbstractAsyncContextManager[Inbox]:
    """Return the inbox for a database; open it with `async with`.

    Args:
        database: Open.
        clock: The time.
        pause: Seconds to delay an event that was being handled alone when its worker died.
    """
    if database.path is not None:
        return SqliteInbox(database, clock, pause=pause)
    from bot.delivery.postgres_inbox import PostgresInbox

    return PostgresInbox(database, clock, pause=pause)
