"""Base class of both inboxes: timers and backlog."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime

from bot.delivery import inbox_tables
from bot.delivery.timers import Timers
from bot.messages import Event
from bot.ports import Accept, Backlog, Claim, Clock
from bot.storage.engine import Database

AT_ONCE = 100
"""Maximum number of events in one transaction."""


class InboxBase:
    """The part of an `Inbox` that both databases share: scheduled events and the backlog.

    Args:
        accept: Receives events that have become due.
    """

    def __init__(self, database: Database, clock: Clock, accept: Accept) -> None:
        self._database = database
        self._clock = clock
        self._timers = Timers(database, accept, clock)
        self._ringing: asyncio.Task[None] | None = None
        self._watched: dict[tuple[str, str], asyncio.Event] = {}

    async def schedule(self, event: Event, at: datetime) -> None:
        """Accept an event at a later time; it blocks nothing until then."""
        await self._timers.set(event, at)

    async def cancel(self, event_id: str) -> bool:
        """Cancel a scheduled event; False when it was already delivered or never scheduled."""
        return await self._timers.cancel(event_id)

    async def backlog(self) -> Backlog:
        """Return how many events are not yet answered, and the age of the oldest."""
        async with self._database.read() as connection:
            return await connection.run_sync(inbox_tables.backlog, now=self._clock.now())

    async def superseded(self, claim: Claim) -> None:
        """Return once a claim is known to be superseded; never, unless it is."""
        known = self._watched.setdefault(key_of(claim), asyncio.Event())
        try:
            await known.wait()
        finally:
            self._watched.pop(key_of(claim), None)

    def drop(self, claims: Collection[str]) -> None:
        """Let whoever handles one of some claims know that it is superseded."""
        for (claim, _), known in self._watched.items():
            if claim in claims:
                known.set()

    def start_timers(self) -> None:
        """Start delivering events that become due."""
        self._ringing = asyncio.create_task(self._timers.run(), name="timers")

    async def stop_timers(self) -> None:
        """Stop delivering."""
        if self._ringing is not None:
            self._ringing.cancel()
            await asyncio.wait([self._ringing])


def timer_lane(event: Event) -> str:
    """Return the lane of an event that was scheduled: its own.

    A reminder or a timeout waits neither for a message that is being retried nor the other way
    round; what it does to the conversation is a compare-and-set on the conversation's state.
    """
    return f"timer:{event.message.id}"


def key_of(claim: Claim) -> tuple[str, str]:
    """Return a key that is unique to a claim; earlier claims of the same event have other keys."""
    return claim.id, claim.token
