"""The outbox of a database: the same on SQLite and PostgreSQL, for one process or many.

Which post is next is asked of the database each time: the first open one of each lane. So anybody
may write a post in the transaction of its cause, on any machine. What a process that died had in
hand is freed at the next start on SQLite, and on PostgreSQL by the heartbeats of the others
(`bot.delivery.heartbeat`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from uuid import uuid4

import structlog

from bot.ports import Backlog, Clock, OutgoingPost, ReservedPost
from bot.storage import outbox, relayed_posts
from bot.storage.engine import Database

log = structlog.get_logger(__name__)


class StoredOutbox:
    """The `Outbox` of a database."""

    def __init__(
        self, database: Database, clock: Clock, *, worker: Callable[[], int] = lambda: 0
    ) -> None:
        """Prepare.

        Args:
            database: Open.
            clock: The time.
            worker: Tells the number that this process gives signs of life under.
        """
        self._database = database
        self._clock = clock
        self._worker = worker
        self._news = asyncio.Event()

    async def enqueue(self, *posts: OutgoingPost) -> Sequence[int]:
        """Store posts durably, in a transaction of their own; return their numbers."""
        store = partial(outbox.enqueue, posts=posts, now=self._clock.now())
        return await self._database.write(store, committed=lambda _: self.wake())

    async def cancel(self, number: int) -> bool:
        """Let a post not be made; False when it has been begun, or is over."""
        return await self._database.write(partial(outbox.cancel, number=number))

    async def reserve(self, adapters: Collection[str], limit: int) -> Sequence[ReservedPost]:
        """Mark posts that are due as being made; return at once."""
        now = self._clock.now()
        if not await self._database.query(partial(outbox.any_due, adapters=adapters, now=now)):
            return ()
        take = partial(
            outbox.reserve,
            adapters=adapters,
            limit=limit,
            token=uuid4().hex,
            worker=self._worker(),
            now=now,
        )
        return await self._database.write(take)

    async def wait(self, seconds: float) -> None:
        """Return when something may have become due, or after some seconds."""
        with suppress(TimeoutError):  # not `wait_for`: in Python 3.11 it can lose a cancellation
            async with asyncio.timeout(seconds):
                await self._news.wait()
        self._news.clear()

    def wake(self) -> None:
        """Let whoever waits look at once."""
        self._news.set()

    async def delivered(self, reserved: ReservedPost, platform_id: str) -> None:
        """Record that a post stands on its platform."""
        done = partial(
            relayed_posts.delivered,
            reserved=reserved,
            platform_id=platform_id,
            at=self._clock.now(),
        )
        await self._database.write(done, committed=lambda _: self.wake())

    async def retry(self, reserved: ReservedPost, reason: str, delay: float) -> None:
        """Give a post back, to be made again later; its conversation waits for it."""
        due_at = self._clock.now() + timedelta(seconds=delay)
        back = partial(outbox.put_back, reserved=reserved, reason=reason, due_at=due_at)
        await self._database.write(back)

    async def fail(self, reserved: ReservedPost, reason: str) -> None:
        """Give a post up: keep a case for staff, and let its conversation go on."""
        now = self._clock.now()
        failed = partial(relayed_posts.failed, reserved=reserved, reason=reason, now=now)
        await self._database.write(failed, committed=lambda _: self.wake())

    async def backlog(self) -> Backlog:
        """Tell how much is due and not yet delivered."""
        return await self._database.query(partial(outbox.backlog, now=self._clock.now()))


@asynccontextmanager
async def open_stored_outbox(
    database: Database, clock: Clock, *, worker: Callable[[], int] = lambda: 0
) -> AsyncIterator[StoredOutbox]:
    """Open the outbox of a database whose inbox this process has opened.

    Args:
        database: Open.
        clock: The time.
        worker: Tells the number that this process gives signs of life under, on PostgreSQL.
    """
    if database.path is not None:  # no other process serves from it
        freed = await database.write(outbox.free_all)
        if freed:
            log.warning("an earlier process ended with posts in hand", posts=freed)
    yield StoredOutbox(database, clock, worker=worker)
