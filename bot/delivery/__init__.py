"""The inbox and its workers: each message is accepted once and answered in order."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from bot.delivery.intake import Intake
from bot.delivery.isolation import PAUSE
from bot.delivery.outbox import StoredOutbox, open_stored_outbox
from bot.delivery.outbox_worker import OutboxWorker
from bot.delivery.sqlite_inbox import SqliteInbox
from bot.delivery.worker import Worker
from bot.ports import Clock, Inbox
from bot.storage.engine import Database

__all__ = ["Intake", "OutboxWorker", "SqliteInbox", "Worker", "open_inbox", "open_outbox"]


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


def open_outbox(
    database: Database, clock: Clock, inbox: Inbox
) -> AbstractAsyncContextManager[StoredOutbox]:
    """Return the outbox of a database, to be entered with `async with`.

    Args:
        database: Open.
        clock: The time.
        inbox: Of the same database, open: on PostgreSQL it gives the signs of life for both.
    """
    if database.path is not None:
        return open_stored_outbox(database, clock)
    from bot.delivery.postgres_inbox import PostgresInbox

    if not isinstance(inbox, PostgresInbox):
        raise TypeError(f"an outbox on PostgreSQL goes with its inbox, not with {inbox!r}")
    return open_stored_outbox(database, clock, worker=lambda: inbox.worker)
