"""The inbox on PostgreSQL: any number of processes, on any number of machines.

The tables are the same as on SQLite (`bot.delivery.shelf`); whose turn it is, procrastinate knows
(`bot.delivery.jobs`). Every step is one transaction over both: an event is never there without
its job, nor finished without its transcript.

A worker that is not heard of for a while is taken for dead, and another takes its events over
(`bot.delivery.pulse`). Should it only have slept, its claims are lost to it (`ClaimLost`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self
from uuid import uuid4

from sqlalchemy import Connection, func, select

from bot.delivery import shelf
from bot.delivery.jobs import Queue
from bot.delivery.pulse import Pulse
from bot.delivery.timers import Timers
from bot.messages import Event
from bot.ports import Backlog, Claim, Clock, Outcome
from bot.storage.engine import Database

POLL = 1.0
"""Seconds between looks for retries that have become due: nothing tells of them."""


class PostgresInbox:
    """The `Inbox` of one process among many. Open it with `async with`."""

    def __init__(self, database: Database, clock: Clock, *, stalled: float = 15.0) -> None:
        """Prepare.

        Args:
            database: On PostgreSQL.
            clock: The time for what is written; PostgreSQL's own clock rules what is due.
            stalled: Seconds of silence after which a worker is taken for dead.
        """
        self._database = database
        self._clock = clock
        self._queue = Queue(database)
        self._news = asyncio.Event()
        self._turn = asyncio.Lock()
        self._pulse = Pulse(self._queue, clock, stalled=stalled, told=self._news.set)
        self._timers = Timers(database, self.accept, clock)
        self._ringing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Register with the others and take over what the dead left.

        Raises:
            StorageError: The database is away.
        """
        await self._pulse.start()
        self._ringing = asyncio.create_task(self._timers.run(), name="timers")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._ringing is not None:
            self._ringing.cancel()
            await asyncio.wait([self._ringing])
        await self._pulse.stop()

    async def accept(self, event: Event) -> bool:
        """Store an event durably and queue its job; False when it was accepted before."""
        now = self._clock.now()
        async with self._queue.transaction() as (connection, jobs):
            number = await connection.run_sync(shelf.put, event, now=now)
            if number is None:
                return False
            await jobs.defer(number, event.message.conversation)
        self._news.set()
        return True

    async def claim(self) -> Claim:
        """Wait for the oldest event of a conversation that nobody is handling."""
        while True:
            async with self._turn:  # one asks for the whole process
                self._news.clear()
                claim = await self._take_uninterrupted()
                if claim is not None:
                    return claim
                # Not `wait_for`: in Python 3.11 it can lose a cancellation.
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await self._news.wait()

    async def checkpoint(self, claim: Claim, posted: Sequence[str]) -> None:
        """Remember what has been posted for a claim, in case that it is interrupted."""
        await self._database.write(partial(shelf.checkpoint, claim=claim, posted=posted))

    async def finish(self, claim: Claim, outcome: Outcome) -> None:
        """Write transcript and decision, and be done with the event; one transaction."""
        now = self._clock.now()
        await self._end(claim, partial(shelf.finish, claim=claim, outcome=outcome, now=now))

    async def bury(self, claim: Claim, reason: str) -> None:
        """Give an event up: keep it aside for staff, and let its conversation go on."""
        now = self._clock.now()
        await self._end(claim, partial(shelf.bury, claim=claim, reason=reason, now=now))

    async def release(self, claim: Claim) -> None:
        """Give an unfinished event back, to be claimed again at once."""
        await self.retry(claim, "", 0.0)

    async def retry(self, claim: Claim, reason: str, delay: float) -> None:
        """Give an event back, to be claimed again after `delay` seconds."""
        async with self._queue.transaction() as (connection, jobs):
            due_at = (await connection.execute(select(func.now()))).scalar_one() + timedelta(
                seconds=delay
            )
            await connection.run_sync(shelf.put_back, claim, reason=reason, due_at=due_at)
            await jobs.retry(_job(claim), due_at)
        self._news.set()

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

    async def _take_uninterrupted(self) -> Claim | None:
        """Take an event if there is one; when cancelled meanwhile, give it back."""
        taking = asyncio.ensure_future(self._take())
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            claim = await taking
            if claim is not None:
                await self.release(claim)
            raise

    async def _take(self) -> Claim | None:
        """Take the first event of a conversation that is free, in one transaction."""
        async with self._queue.transaction() as (connection, jobs):
            fetched = await jobs.fetch(self._pulse.worker)
            if fetched is None:
                return None
            job, number = fetched
            token = f"{job}-{uuid4().hex}"
            claim = await connection.run_sync(shelf.take, number, token=token)
            if claim is None:  # somebody has removed the event
                await jobs.finish(job)
                self._news.set()
            return claim

    async def _end(self, claim: Claim, operation: Callable[[Connection], None]) -> None:
        """Run what removes an event, and let its conversation go on."""
        async with self._queue.transaction() as (connection, jobs):
            await connection.run_sync(operation)
            await jobs.finish(_job(claim))
        self._news.set()


def _job(claim: Claim) -> int:
    """Return the job of a claim, which its token begins with."""
    return int(claim.token.partition("-")[0])
