"""What both inboxes do in the same way: timers, and how much waits."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.delivery import inbox_tables
from bot.delivery.timers import Timers
from bot.messages import Event
from bot.ports import Accept, Backlog, Claim, Clock
from bot.storage.engine import Database

AT_ONCE = 100
"""Events in one transaction at most."""


class InboxBase:
    """The half of an `Inbox` that looks at what is to come.

    Args:
        accept: The inbox's own: takes what has become due.
    """

    def __init__(self, database: Database, clock: Clock, accept: Accept) -> None:
        self._database = database
        self._clock = clock
        self._timers = Timers(database, accept, clock)
        self._ringing: asyncio.Task[None] | None = None

    async def schedule(self, event: Event, at: datetime) -> None:
        """Accept an event at a time to come; it holds nobody up until then."""
        await self._timers.set(event, at)

    async def cancel(self, event_id: str) -> bool:
        """Let a scheduled event not come; False when it has come already, or never was."""
        return await self._timers.cancel(event_id)

    async def backlog(self) -> Backlog:
        """Tell how much is not yet answered."""
        async with self._database.read() as connection:
            return await connection.run_sync(inbox_tables.backlog, now=self._clock.now())

    def start_timers(self) -> None:
        """Hand in what becomes due, from now on."""
        self._ringing = asyncio.create_task(self._timers.run(), name="timers")

    async def stop_timers(self) -> None:
        """Hand in nothing more."""
        if self._ringing is not None:
            self._ringing.cancel()
            await asyncio.wait([self._ringing])


def key_of(claim: Claim) -> tuple[str, str]:
    """Return what tells a claim from all others, earlier ones to the same event included."""
    return claim.event.message.id, claim.token
