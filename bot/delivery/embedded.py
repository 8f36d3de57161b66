"""The inbox on SQLite: one process, no server, nothing lost.

The database is the truth: what `accept` returned for is on the disk. Which conversation is next
is kept in memory (`Lanes`), read from the database at the start; so one process alone may serve
from a database, which a lock file sees to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self
from uuid import uuid4

from filelock import FileLock, Timeout
from sqlalchemy import Connection

from bot.delivery import shelf
from bot.delivery.lanes import Lanes
from bot.delivery.timers import Timers
from bot.errors import ClaimLost, StorageError
from bot.messages import Event
from bot.ports import Backlog, Claim, Clock, Outcome
from bot.storage.engine import Database

LONGEST_DELAY = 300.0
"""Seconds; what a restart waits at most for a retry, also when the clock was set back."""


class SqliteInbox:
    """The `Inbox` of a single process. Open it with `async with`."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._lanes = Lanes(clock)
        self._numbers: dict[str, int] = {}
        self._lock = FileLock(f"{database.path}.lock")
        self._reloading: asyncio.Task[None] | None = None
        self._timers = Timers(database, self.accept, clock)
        self._ringing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Lock the database for this process and take up what an earlier one left.

        Raises:
            StorageError: Another process serves from this database.
        """
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            raise StorageError(
                f"database: another process serves from {self._database.place}: stop it, or give "
                "this one a database of its own"
            ) from None
        await self._load()
        self._ringing = asyncio.create_task(self._timers.run(), name="timers")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lanes.close()
        for task in (self._reloading, self._ringing):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        self._lock.release()

    async def accept(self, event: Event) -> bool:
        """Store an event durably; False when its message id was accepted before."""
        now = self._clock.now()

        def line_up(number: int | None) -> None:
            if number is not None:
                self._lanes.add(event.message.conversation, number)

        try:
            number = await self._database.write(
                lambda connection: shelf.put(connection, event, now=now), committed=line_up
            )
        except StorageError:
            self._reload()  # whether it is stored is not known
            raise
        return number is not None

    async def claim(self) -> Claim:
        """Wait for the oldest event of a conversation that nobody is handling."""
        while True:
            conversation, number = await self._lanes.take()
            with ExitStack() as turn:  # cancelled, or the database away: its turn is not lost
                turn.callback(self._lanes.give_back, conversation)
                claim = await self._take(number)
                turn.pop_all()
            if claim is not None:
                self._numbers[claim.token] = number
                return claim
            self._lanes.leave(conversation, number)  # somebody has removed it

    async def checkpoint(self, claim: Claim, posted: Sequence[str]) -> None:
        """Remember what has been posted for a claim, in case that it is interrupted."""
        await self._database.write(lambda connection: shelf.checkpoint(connection, claim, posted))

    async def finish(self, claim: Claim, outcome: Outcome) -> None:
        """Write transcript and decision, and be done with the event; one transaction."""
        now = self._clock.now()
        await self._end(claim, lambda connection: shelf.finish(connection, claim, outcome, now=now))

    async def bury(self, claim: Claim, reason: str) -> None:
        """Give an event up: keep it aside for staff, and let its conversation go on."""
        now = self._clock.now()
        await self._end(
            claim, lambda connection: shelf.bury(connection, claim, reason=reason, now=now)
        )

    async def release(self, claim: Claim) -> None:
        """Give an unfinished event back, to be claimed again at once."""
        await self.retry(claim, "", 0.0)

    async def retry(self, claim: Claim, reason: str, delay: float) -> None:
        """Give an event back, to be claimed again after `delay` seconds."""
        due_at = self._clock.now() + timedelta(seconds=delay)

        def wait(_done: None) -> None:
            del self._numbers[claim.token]
            self._lanes.give_back(claim.event.message.conversation, delay=delay)

        await self._end(
            claim,
            lambda connection: shelf.put_back(connection, claim, reason=reason, due_at=due_at),
            then=wait,
        )

    async def schedule(self, event: Event, at: datetime) -> None:
        """Accept an event at a time to come; it holds nobody up until then."""
        await self._timers.set(event, at)

    async def cancel(self, event_id: str) -> bool:
        """Let a scheduled event not come; False when it has come already, or never was."""
        return await self._timers.cancel(event_id)

    async def backlog(self) -> Backlog:
        """Tell how much is not yet answered."""
        async with self._database.read() as connection:
            return await connection.run_sync(shelf.backlog, now=self._clock.now())

    async def _take(self, number: int) -> Claim | None:
        token = uuid4().hex
        return await self._database.write(
            lambda connection: shelf.take(connection, number, token=token)
        )

    async def _end(
        self,
        claim: Claim,
        operation: Callable[[Connection], None],
        *,
        then: Callable[[None], None] | None = None,
    ) -> None:
        """Run what ends a claim, and let its conversation go on."""

        def go_on(_done: None) -> None:
            number = self._numbers.pop(claim.token, None)
            if number is not None:
                self._lanes.leave(claim.event.message.conversation, number)

        try:
            await self._database.write(operation, committed=then or go_on)
        except ClaimLost:
            go_on(None)
            raise

    def _reload(self) -> None:
        """Look for events that are stored although storing them was reported as failed."""
        if self._reloading is None or self._reloading.done():
            self._reloading = asyncio.create_task(self._load_when_possible())

    async def _load_when_possible(self) -> None:
        while True:
            await self._clock.sleep(1.0)
            try:
                await self._load()
            except StorageError:
                continue
            return

    async def _load(self) -> None:
        """Line up what is in the database and not yet in the lanes."""
        now = self._clock.now()
        async with self._database.read() as connection:
            waiting = await connection.run_sync(shelf.waiting)
        for number, conversation, due_at in waiting:
            delay = min((due_at - now).total_seconds(), LONGEST_DELAY)
            self._lanes.add(conversation, number, delay=delay)
