"""Scheduled events, for example a reminder or a timeout."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, Row, delete, select

from bot.delivery.codec import decode, encode
from bot.errors import StorageError
from bot.messages import Event
from bot.ports import Accept, Clock
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import timers

log = structlog.get_logger(__name__)

LOOK = 1.0
"""Seconds between two polls: how late a timer may fire."""

AT_ONCE = 100
"""Maximum number of timers per poll, so that very many of them do not delay messages."""


class Timers:
    """Stores events until they are due, then passes them to the inbox.

    An event may be passed on twice, when a process died in between or two processes polled at the
    same moment; the inbox accepts its id once.
    """

    def __init__(self, database: Database, accept: Accept, clock: Clock) -> None:
        self._database = database
        self._accept = accept
        self._clock = clock

    async def set(self, event: Event, at: datetime) -> None:
        """Schedule an event; a pending one with the same id is rescheduled."""
        row = {
            "conversation": event.message.conversation,
            "payload": encode(event),
            "due_at": at,
        }

        def keep(connection: Connection) -> None:
            fresh = insert(connection, timers).values(id=event.message.id, **row)
            connection.execute(fresh.on_conflict_do_update(index_elements=["id"], set_=row))

        await self._database.write(keep)

    async def cancel(self, event_id: str) -> bool:
        """Cancel a scheduled event; False when it was already delivered or never scheduled."""
        gone = delete(timers).where(timers.c.id == event_id)
        return await self._database.write(
            lambda connection: bool(connection.execute(gone).rowcount)
        )

    async def run(self) -> None:
        """Deliver events when they become due; never returns."""
        while True:
            try:
                while await self._ring() == AT_ONCE:
                    pass
            except StorageError as error:
                log.warning("timers delayed: database unavailable", reason=str(error))
            await self._clock.sleep(LOOK)

    async def _ring(self) -> int:
        """Deliver due events, then delete them; return how many there were."""
        due = (
            select(timers.c.id, timers.c.payload, timers.c.due_at)
            .where(timers.c.due_at <= self._clock.now())
            .order_by(timers.c.due_at)
            .limit(AT_ONCE)
        )
        rows = await self._database.query(lambda connection: connection.execute(due).all())
        for row in rows:
            await self._accept(decode(row.payload))
            await self._database.write(partial(_forget, rung=row))
        return len(rows)


def _forget(connection: Connection, rung: Row[str, Any, datetime]) -> None:
    """Delete a timer that has fired; one that was rescheduled meanwhile stays."""
    connection.execute(delete(timers).where(timers.c.id == rung.id, timers.c.due_at == rung.due_at))
