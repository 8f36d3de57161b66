"""Checks that the database accepts writes: reads succeed even when the disk is full."""

from __future__ import annotations

import asyncio
from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy import Connection

from bot.errors import StorageBusy, StorageError
from bot.ports import Clock
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import probes

EVERY = 5.0
"""Seconds that a result is cached."""

PATIENCE = 2.0
"""Seconds after which a write counts as slow."""


class WriteResult(StrEnum):
    """The result of a test write."""

    WORKS = "works"
    SLOW = "slow"
    REFUSED = "refused"


class WriteProbe:
    """Updates one row, at most once every `EVERY` seconds.

    Attributes:
        state: Result of the last check; None before the first.
        reason: Why the write was refused; empty otherwise.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self.state: WriteResult | None = None
        self.reason = ""
        self._database = database
        self._clock = clock
        self._looked_at = 0.0
        self._writing: asyncio.Task[None] | None = None

    async def look(self) -> WriteResult:
        """Return whether the database accepts writes.

        A locked database is slow, not down: the lock will be released.
        """
        now = self._clock.monotonic()
        if self.state is None or now - self._looked_at >= EVERY:
            self._looked_at = now
            await self._try()
        return self.state or WriteResult.SLOW

    async def _try(self) -> None:
        """Start a write, or wait for the pending write of an earlier check."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        _, late = await asyncio.wait([self._writing], timeout=PATIENCE)
        if late:
            self.state, self.reason = WriteResult.SLOW, ""

    async def _write(self) -> None:
        """Write the row and record the result."""
        try:
            await self._database.write(partial(_touch, now=self._clock.now()))
        except StorageBusy:
            self.state, self.reason = WriteResult.SLOW, ""
        except StorageError as error:
            self.state, self.reason = WriteResult.REFUSED, str(error)
        else:
            self.state, self.reason = WriteResult.WORKS, ""


def _touch(connection: Connection, *, now: datetime) -> None:
    row = insert(connection, probes).values(id=1, at=now)
    connection.execute(row.on_conflict_do_update(index_elements=["id"], set_={"at": now}))
