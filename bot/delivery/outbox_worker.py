"""Delivers what the outbox has: reserved, posted, recorded, and never in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TypeVar

import structlog

from bot.conversations.key import platform_of
from bot.delivery.fetching import with_contents
from bot.errors import AccessLost, AdapterError, ClaimLost, FrontdeskError, StorageError, WorkerLost
from bot.ports import Adapter, Clock, DeliversPosts, Outbox, OutboxMeter, ReservedPost
from bot.ports.delivery import NullMeter

log = structlog.get_logger(__name__)
T = TypeVar("T")

POLL = 0.5
"""Seconds between looks for what others stored, or what has become due: nothing tells of that."""

LIMIT = 30.0
"""Seconds that one attempt may take."""

HOLD = 600.0
"""Seconds that a post which always fails may hold its conversation, its last attempt included."""

LONGEST_DELAY = 60.0
"""Seconds between two attempts at most."""

BEGINNINGS = 5
"""Attempts after which one that has held its conversation for so long is not begun again: each of
them ended without a word, so it may be what ends its worker."""

GRACE = 16.0
"""Seconds that `stop` lets posts take to their end."""

PAUSE = 1.0
"""Seconds between two tries while the database is away."""


class OutboxWorker:
    """Makes posts of several conversations at once, those of each one in order."""

    def __init__(
        self,
        outbox: Outbox,
        adapters: Mapping[str, Adapter],
        *,
        concurrency: int,
        clock: Clock,
        meter: OutboxMeter | None = None,
    ) -> None:
        """Prepare.

        Args:
            outbox: Where posts come from.
            adapters: The platforms, by name; posts for others are left to other processes.
            concurrency: Posts in hand at most.
            clock: For durations and pauses.
            meter: Told what happens.
        """
        self._outbox = outbox
        self._sources = adapters
        self._adapters = {
            name: adapter
            for name, adapter in adapters.items()
            if isinstance(adapter, DeliversPosts)
        }
        self._concurrency = concurrency
        self._clock = clock
        self._meter = meter or NullMeter()
        self._stopping = False
        self._lost: dict[str, str] = {}
        self._posting: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Deliver until `stop`."""
        try:
            while not self._stopping:
                if not await self._begin():
                    await self._outbox.wait(POLL)
        finally:
            await self._wind_up()

    def mark_lost(self, platform: str, reason: str) -> None:
        """Note that a platform refuses us until we are started again."""
        self._lost[platform] = reason

    async def stop(self) -> None:
        """Begin nothing more; let what is being posted end, or leave it to the next start."""
        self._stopping = True
        self._outbox.wake()
        await self._wind_up()

    async def _begin(self) -> int:
        """Begin posts that are due; return how many."""
        free = self._concurrency - len(self._posting)
        if not free or not self._adapters:
            return 0
        try:
            reserved = await self._outbox.reserve(sorted(self._adapters), free)
        except StorageError as error:
            log.warning("the database is away", reason=str(error))
            await self._clock.sleep(PAUSE)
            return 0
        for each in reserved:
            task = asyncio.create_task(self._handle(each), name=f"outbox-{each.number}")
            self._posting.add(task)
            task.add_done_callback(self._ended)
        return len(reserved)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._posting.discard(task)
        self._outbox.wake()

    async def _handle(self, reserved: ReservedPost) -> None:
        """See one attempt to its end.

        The one place that catches everything: one bad post must not stop the others.
        """
        try:
            if reserved.post.files:
                reserved = await self._filled(reserved)
            platform_id = await self._post(reserved)
            await self._retry_forever(lambda: self._outbox.delivered(reserved, platform_id))
        except asyncio.CancelledError:
            with suppress(ClaimLost, StorageError):  # the next start frees what could not be
                await self._outbox.retry(reserved, "", 0.0)
            raise
        except ClaimLost:
            log.warning("another worker took over", post=reserved.number)
        except Exception as error:  # noqa: BLE001 - the outermost loop
            with suppress(ClaimLost):
                await self._put_off(reserved, error)
        else:
            self._meter.post_delivered(reserved.post)
            log.info("delivered", post=reserved.number, attempt=reserved.attempt)

    async def _post(self, reserved: ReservedPost) -> str:
        """Have a post made; return the platform's id of it."""
        platform = reserved.post.adapter
        if platform in self._lost:
            raise AccessLost(self._lost[platform])
        if reserved.attempt > BEGINNINGS and self._left(reserved) <= -LIMIT:
            raise WorkerLost(f"{reserved.attempt - 1} attempts began and none succeeded")
        async with asyncio.timeout(LIMIT):
            return await self._adapters[platform].deliver(reserved)

    async def _filled(self, reserved: ReservedPost) -> ReservedPost:
        """Return a post with the content of its files, by the adapter that they came through."""
        async with asyncio.timeout(LIMIT):
            source = platform_of(reserved.post.cause)
            return await with_contents(reserved, self._sources.get(source))

    async def _put_off(self, reserved: ReservedPost, error: Exception) -> None:
        """Have a post made again later, or give it up, by what went wrong."""
        delay, reason = self._next_delay(reserved, error), f"{type(error).__name__}: {error}"
        traced = None if isinstance(error, FrontdeskError | TimeoutError) else error
        if delay is None:
            log.error("post given up", post=reserved.number, reason=reason, exc_info=traced)
            self._meter.post_failed(reserved.post, error)
            await self._retry_forever(lambda: self._outbox.fail(reserved, reason))
            return
        log.warning(
            "post put off", post=reserved.number, reason=reason, seconds=delay, exc_info=traced
        )
        self._meter.post_retried(reserved.post, error)
        await self._retry_forever(lambda: self._outbox.retry(reserved, reason, delay))

    def _next_delay(self, reserved: ReservedPost, error: Exception) -> float | None:
        """Return the seconds until the next attempt, or None to give the post up."""
        refused = isinstance(error, AdapterError) and not isinstance(error, AccessLost)
        left = self._left(reserved)
        if refused or isinstance(error, WorkerLost) or left <= 0:
            return None
        return min(2.0 ** min(reserved.attempt - 1, 30), LONGEST_DELAY, left)

    def _left(self, reserved: ReservedPost) -> float:
        """Return the seconds until the last attempt at a post must begin."""
        held = (self._clock.now() - reserved.begun_at).total_seconds()
        return HOLD - LIMIT - held

    async def _wind_up(self) -> None:
        """Let what is being posted end, or leave it to the next start."""
        if self._posting:
            _, busy = await asyncio.wait(self._posting, timeout=GRACE)
            for task in busy:
                task.cancel()
            if busy:
                await asyncio.wait(busy, timeout=PAUSE)

    async def _retry_forever(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call the outbox, again and again while the database is away."""
        while True:
            try:
                return await call()
            except StorageError as error:
                log.warning("the database is away", reason=str(error))
                await self._clock.sleep(PAUSE)
