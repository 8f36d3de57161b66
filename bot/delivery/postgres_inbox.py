"""The inbox on PostgreSQL: any number of processes, on any number of machines.

The tables are the same as on SQLite (`bot.delivery.inbox_tables`); the order of events is kept by
procrastinate (`bot.delivery.procrastinate_queue`). Every step is one transaction over both: an
event never exists without its job, and is never finished without its transcript.

A worker that sends no heartbeat for some time counts as dead, and another reclaims its events
(`bot.delivery.heartbeat`). If it was only suspended, its claims raise `ClaimLost`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import Self
from uuid import uuid4

from sqlalchemy import func, select

from bot.batching import MicroBatcher
from bot.delivery import accepting, claiming, inbox_tables
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.inbox_base import AT_ONCE, InboxBase, key_of, timer_lane
from bot.delivery.isolation import PAUSE, seconds_alone
from bot.delivery.procrastinate_queue import Jobs, Queue
from bot.errors import ClaimLost
from bot.messages import Event
from bot.ports import Claim, Clock, EventOutcome, StoredChange
from bot.storage.engine import Database

POLL = 1.0
"""Seconds between polls for retries that have become due: PostgreSQL sends no notification."""


class PostgresInbox(InboxBase):
    """The `Inbox` of one process among many. Open it with `async with`."""

    def __init__(
        self, database: Database, clock: Clock, *, stalled: float = 15.0, pause: float = PAUSE
    ) -> None:
        """Prepare.

        Args:
            database: On PostgreSQL.
            clock: Source of stored times; PostgreSQL's own clock decides what is due.
            stalled: Seconds without a heartbeat after which a worker counts as dead.
            pause: Seconds to delay an event that was being handled alone when its worker died.
        """
        super().__init__(database, clock, self._accept_timer)
        self._queue = Queue(database)
        self._news = asyncio.Event()
        self._heartbeat = Heartbeat(
            self._queue,
            clock,
            stalled=stalled,
            pause=pause,
            on_work=self._notify,
            on_drop=lambda claim: self.drop((claim,)),
        )
        self._jobs: dict[tuple[str, str], int] = {}
        self._alone = ("", "")
        self._alone_until = 0.0
        self._accepting = MicroBatcher(self._store, largest=AT_ONCE)
        self._taking = MicroBatcher(self._take, largest=AT_ONCE)
        self._noting = MicroBatcher(self._note, largest=AT_ONCE)
        self._finishing = MicroBatcher(self._finish, largest=AT_ONCE)

    async def __aenter__(self) -> Self:
        """Register this worker and reclaim jobs of dead ones.

        Raises:
            StorageError: The database is unavailable.
        """
        await self._heartbeat.start()
        self.start_timers()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop_timers()
        await self._heartbeat.stop()

    @property
    def worker(self) -> int:
        """The number that this process gives signs of life under."""
        return self._heartbeat.worker

    async def accept(self, event: Event) -> bool:
        """Store an event durably and queue its job; False for a duplicate."""
        return await self._accepting((event, event.message.conversation))

    async def _accept_timer(self, event: Event) -> bool:
        """Store an event that has become due; it waits for nothing of its conversation."""
        return await self._accepting((event, timer_lane(event)))

    async def claim(self) -> Claim:
        """Wait for the oldest event of a conversation that no worker is handling."""
        while True:
            news = self._news
            claim = await self._take_uninterrupted()
            if claim is not None:
                return claim
            # Not `wait_for`: in Python 3.11 it can lose a cancellation.
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await news.wait()

    async def checkpoint(self, claim: Claim, posted: Sequence[str]) -> None:
        """Store what was posted for a claim, in case it is interrupted."""
        await self._noting((claim, posted))

    async def reserve(self, claim: Claim) -> None:
        """Store that a post is being made for a claim, unless somebody has taken over."""
        await self._database.write(partial(inbox_tables.reserve, claim=claim))

    async def finish(self, claim: Claim, outcome: EventOutcome) -> None:
        """Write transcript and decision and remove the event, in one transaction."""
        try:
            await self._finishing((claim, outcome))
        except ClaimLost:
            self._ended([claim])
            raise

    async def amend(self, claim: Claim, change: StoredChange) -> None:
        """Apply a change to what is stored and remove the event, in one transaction."""
        async with self._ending(claim), self._queue.transaction() as (connection, jobs):
            await connection.run_sync(inbox_tables.amend, claim, change=change)
            await jobs.finish([self._jobs[key_of(claim)]])

    async def dead_letter(self, claim: Claim, reason: str) -> None:
        """Move an event to the dead letters, for staff, and continue with its conversation."""
        now = self._clock.now()
        async with self._ending(claim), self._queue.transaction() as (connection, jobs):
            await connection.run_sync(inbox_tables.dead_letter, claim, reason=reason, now=now)
            await jobs.finish([self._jobs[key_of(claim)]])

    async def release(self, claim: Claim) -> None:
        """Release an unfinished event, to be claimed again at once."""
        await self.retry(claim, "", 0.0, ended=False)

    async def retry(self, claim: Claim, reason: str, delay: float, *, ended: bool = True) -> None:
        """Release an event, to be claimed again after `delay` seconds."""
        async with self._ending(claim), self._queue.transaction() as (connection, jobs):
            due_at = (await connection.execute(select(func.now()))).scalar_one() + timedelta(
                seconds=delay
            )
            await connection.run_sync(
                inbox_tables.put_back, claim, reason=reason, due_at=due_at, ended=ended
            )
            await jobs.retry(self._jobs[key_of(claim)], due_at, ended=ended)

    @asynccontextmanager
    async def _ending(self, claim: Claim) -> AsyncIterator[None]:
        """Forget a claim when the block has ended it or found it lost."""
        try:
            yield
        except ClaimLost:
            self._ended([claim])
            raise
        self._ended([claim])

    async def _store(self, coming: Sequence[tuple[Event, str]]) -> Sequence[bool]:
        """Store events and queue jobs for the new ones."""
        now = self._clock.now()
        async with self._queue.transaction() as (connection, jobs):
            stored = await connection.run_sync(accepting.put, coming, now=now)
            fresh = {
                number: lane
                for (_event, lane), number in zip(coming, stored.numbers, strict=True)
                if number is not None
            }
            if fresh:
                await jobs.defer(fresh)
            await jobs.drop(stored.superseded)
        self._notify()
        return stored.fresh

    async def _take_uninterrupted(self) -> Claim | None:
        """Take an event if there is one; release it when cancelled meanwhile."""
        taking = asyncio.ensure_future(self._taking(None))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            claim = await taking
            if claim is not None:
                await self.release(claim)
            raise

    async def _take(self, takers: Sequence[None]) -> list[Claim | None]:
        """Take the first events of free conversations, one for each waiting worker."""
        if self._in_isolation():
            return [None] * len(takers)
        async with self._queue.transaction() as (connection, jobs):
            fetched = await self._fetch(jobs, len(takers))
            if not fetched:
                return [None] * len(takers)
            numbers, token = list(fetched.values()), uuid4().hex
            claims = await connection.run_sync(claiming.take, numbers, token=token)
            if removed := [job for job, number in fetched.items() if number not in claims]:
                await jobs.finish(removed)
        for job, number in fetched.items():
            if number in claims:
                self._jobs[key_of(claims[number])] = job
                self._isolate(claims[number])
        if removed:
            self._notify()
        taken = [claims[number] for number in numbers if number in claims]
        return [*taken, *[None] * (len(takers) - len(taken))]

    async def _fetch(self, jobs: Jobs, limit: int) -> dict[int, int]:
        """Take jobs; interrupted ones first, in isolation, once nothing else is being handled."""
        worker, slow = self._heartbeat.worker, self._alone in self._jobs
        fetched = await jobs.fetch(worker, limit, heed=not slow)
        if fetched or self._jobs or not await jobs.any_alone():
            return fetched
        # If another process is quicker, the rest must not wait for it.
        return await jobs.fetch_alone(worker) or await jobs.fetch(worker, limit, heed=False)

    def _isolate(self, claim: Claim) -> None:
        """Take nothing else while an interrupted event is being handled."""
        if claim.interrupted:
            seconds = seconds_alone(claim.interrupted)
            self._alone, self._alone_until = key_of(claim), self._clock.monotonic() + seconds

    def _in_isolation(self) -> bool:
        return self._alone in self._jobs and self._clock.monotonic() < self._alone_until

    async def _note(self, notes: Sequence[tuple[Claim, Sequence[str]]]) -> Sequence[None]:
        await self._database.write(partial(inbox_tables.checkpoint, notes=notes))
        return [None] * len(notes)

    async def _finish(self, done: Sequence[tuple[Claim, EventOutcome]]) -> Sequence[None]:
        """Finish events and continue with their conversations."""
        claims = [claim for claim, _ in done]
        async with self._queue.transaction() as (connection, jobs):
            await connection.run_sync(inbox_tables.finish, done, now=self._clock.now())
            await jobs.finish([self._jobs[key_of(claim)] for claim in claims])
        self._ended(claims)
        return [None] * len(done)

    def _ended(self, claims: Sequence[Claim]) -> None:
        """Forget the jobs of claims and wake waiting workers: their conversations are free."""
        for claim in claims:
            self._jobs.pop(key_of(claim), None)
        self._notify()

    def _notify(self) -> None:
        """Wake everything that waits for a claim."""
        self._news.set()
        self._news = asyncio.Event()
