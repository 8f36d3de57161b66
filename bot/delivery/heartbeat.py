"""Worker heartbeats on PostgreSQL: registers this worker and reclaims jobs of dead ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from bot.delivery import inbox_tables
from bot.delivery.heartbeat_thread import StandIn
from bot.delivery.procrastinate_queue import Queue
from bot.errors import StorageError
from bot.ports import Clock
from bot.storage.outbox import free_stalled

log = structlog.get_logger(__name__)

STUCK = 2.0
"""How long the event loop may be blocked and still count as alive, in multiples of `stalled`."""

FORGOTTEN = 86_400.0
"""Seconds after which the row of a dead worker is deleted."""


class Heartbeat:
    """Registers this process as a worker, sends heartbeats and reclaims jobs of dead workers.

    Attributes:
        worker: Id that claims are made under.
    """

    def __init__(
        self,
        queue: Queue,
        clock: Clock,
        *,
        stalled: float,
        pause: float,
        on_work: Callable[[], None],
        on_drop: Callable[[str], None],
    ) -> None:
        """Prepare.

        Args:
            queue: The queue that workers and jobs belong to.
            clock: Its monotonic time paces the heartbeats.
            stalled: Seconds without a heartbeat after which a worker counts as dead.
            pause: Seconds to delay an event that was being handled alone when its worker died.
            on_work: Called when there may be something to claim.
            on_drop: Called with the id of each claim that was superseded.
        """
        self.worker = 0
        self._queue = queue
        self._clock = clock
        self._stalled = stalled
        self._pause = pause
        self._interval = stalled / 4
        self._on_work = on_work
        self._on_drop = on_drop
        self._beaten_at = clock.monotonic()
        self._trusted_from = self._beaten_at
        self._turned_at = self._beaten_at
        self._tasks: list[asyncio.Task[None]] = []
        self._stand_in = StandIn(
            lambda: queue.beat_at_once(self.worker),
            lambda: clock.monotonic() - self._turned_at,
            interval=self._interval,
            longest=stalled * STUCK,
        )

    async def start(self) -> None:
        """Register, reclaim jobs of dead workers, and keep doing so in the background."""
        async with self._queue.transaction() as (_, jobs):
            await jobs.prune(FORGOTTEN)
        await self._beat()
        going_on = (self._live(), self._listen(), self._turn())
        self._tasks = [asyncio.create_task(each) for each in going_on]
        self._stand_in.start()

    async def stop(self) -> None:
        """Unregister; other workers reclaim unfinished jobs at once."""
        self._stand_in.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(StorageError):  # other workers will notice the missing heartbeat
            async with self._queue.transaction() as (_, jobs):
                await jobs.unregister(self.worker)

    async def _turn(self) -> None:
        """Record that the event loop is running."""
        while True:
            self._turned_at = self._clock.monotonic()
            await self._clock.sleep(self._interval / 4)

    async def _live(self) -> None:
        while True:
            await self._clock.sleep(self._interval)
            try:
                await self._beat()
            except StorageError as error:
                log.warning("heartbeat failed", reason=str(error))

    async def _beat(self) -> None:
        """Send a heartbeat and reclaim jobs of dead workers."""
        now = self._clock.monotonic()
        if now - self._beaten_at > 2 * self._interval:
            # The database was unavailable, or this process was suspended. Others may have been
            # cut off as well: wait for their heartbeats before treating any of them as dead.
            self._trusted_from = now + self._stalled
        taken: dict[int, bool] = {}
        async with self._queue.transaction() as (connection, jobs):
            if not await jobs.beat(self.worker):
                self.worker = await jobs.register()
            if now >= self._trusted_from:
                taken = await jobs.reuse_artifacts(self._stalled, pause=self._pause)
                await connection.run_sync(free_stalled, self._stalled)
            for alone in set(taken.values()):
                numbers = [number for number, was_alone in taken.items() if was_alone is alone]
                await connection.run_sync(inbox_tables.interrupt, numbers, alone=alone)
        self._beaten_at = self._clock.monotonic()
        if taken:
            log.warning("jobs of dead workers reclaimed", events=len(taken))
            self._on_work()

    async def _listen(self) -> None:
        while True:
            try:
                await self._queue.listen(self._on_work, self._on_drop)
            except StorageError:
                await self._clock.sleep(self._interval)
