"""Events that come at a time of their own: a reminder, the end of somebody's patience."""

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
"""Seconds between two looks at what is due: how late a timer may be."""

AT_ONCE = 100
"""Timers that are taken in at one look, so that a great many do not keep messages out."""


class Timers:
    """Keeps events until they are due, and hands them in then.

    An event that is handed in twice, because a process died in between or because two looked at
    the same moment, is known by its id: the inbox takes it once.
    """

    def __init__(self, database: Database, accept: Accept, clock: Clock) -> None:
        self._database = database
        self._accept = accept
        self._clock = clock

    async def set(self, event: Event, at: datetime) -> None:
        """Let an event come at a time; one with the same id that has not come yet is moved."""
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
        """Let an event not come; False when it has come already, or was never set."""
        gone = delete(timers).where(timers.c.id == event_id)
        return await self._database.write(
            lambda connection: bool(connection.execute(gone).rowcount)
        )

    async def run(self) -> None:
        """Hand in what becomes due; returns never."""
        while True:
            try:
                while await self._ring() == AT_ONCE:
                    pass
            except StorageError as error:
                log.warning("timers wait for the database", reason=str(error))
            await self._clock.sleep(LOOK)

    async def _ring(self) -> int:
        """Hand in what is due, and forget it then; return how many there were."""
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
    """Remove a timer that has rung; one that was moved meanwhile stays."""
    connection.execute(delete(timers).where(timers.c.id == rung.id, timers.c.due_at == rung.due_at))
