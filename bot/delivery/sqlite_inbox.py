"""The inbox on SQLite: one process, no server, no lost events.

Once `accept` returns, the event is on the disk. The order of conversations is kept in memory
(`ConversationQueue`) and loaded from the database at start; so only one process may serve from a
database, which a lock file ensures.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import Self
from uuid import uuid4

import structlog
from filelock import FileLock, Timeout
from sqlalchemy import Connection

from bot.batching import MicroBatcher
from bot.delivery import accepting, claiming, inbox_tables
from bot.delivery.conversation_queue import ConversationQueue
from bot.delivery.inbox_base import AT_ONCE, InboxBase, key_of, timer_lane
from bot.delivery.isolation import PAUSE
from bot.delivery.retry import LONGEST_DELAY
from bot.errors import ClaimLost, StorageError
from bot.messages import Event
from bot.ports import Claim, Clock, EventOutcome, StoredChange
from bot.storage.engine import Database

log = structlog.get_logger(__name__)


class SqliteInbox(InboxBase):
    """The `Inbox` of a single process. Open it with `async with`."""

    def __init__(self, database: Database, clock: Clock, *, pause: float = PAUSE) -> None:
        """Prepare.

        Args:
            database: On SQLite.
            clock: The time.
            pause: Seconds to delay an event that was being handled alone when a process died.
        """
        super().__init__(database, clock, self._accept_timer)
        self._pause = pause
        self._lanes = ConversationQueue(clock)
        self._numbers: dict[tuple[str, str], int] = {}
        self._accepting = MicroBatcher(self._store, largest=AT_ONCE)
        self._taking = MicroBatcher(self._take, largest=AT_ONCE)
        self._noting = MicroBatcher(self._note, largest=AT_ONCE)
        self._finishing = MicroBatcher(self._finish, largest=AT_ONCE)
        self._lock = FileLock(f"{database.path}.lock")
        self._reloading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Lock the database for this process and load unfinished events.

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
        await self._take_up()
        self.start_timers()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lanes.close()
        if self._reloading is not None:
            self._reloading.cancel()
            await asyncio.wait([self._reloading])
        await self.stop_timers()
        self._lock.release()

    async def accept(self, event: Event) -> bool:
        """Store an event durably; False for a duplicate message id."""
        return await self._accept(event, event.message.conversation)

    async def _accept_timer(self, event: Event) -> bool:
        """Store an event that has become due; it waits for nothing of its conversation."""
        return await self._accept(event, timer_lane(event))

    async def _accept(self, event: Event, lane: str) -> bool:
        try:
            return await self._accepting((event, lane))
        except StorageError:
            self._reload()  # it is unknown whether the event was stored
            raise

    async def claim(self) -> Claim:
        """Wait for the oldest event of a conversation that no worker is handling."""
        while True:
            lane, number = await self._lanes.take()
            with ExitStack() as turn:  # requeued when cancelled or the database is unavailable
                turn.callback(self._lanes.requeue, lane)
                claim = await self._taking(number)
                turn.pop_all()
            if claim is not None:
                self._numbers[key_of(claim)] = number
                return claim
            self._lanes.leave(lane, number)  # the event was deleted meanwhile

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
            self._go_on(claim)
            raise

    async def amend(self, claim: Claim, change: StoredChange) -> None:
        """Apply a change to what is stored and remove the event, in one transaction."""
        await self._end(
            claim,
            partial(inbox_tables.amend, claim=claim, change=change),
            lambda: self._go_on(claim),
        )

    async def dead_letter(self, claim: Claim, reason: str) -> None:
        """Move an event to the dead letters, for staff, and continue with its conversation."""
        now = self._clock.now()
        await self._end(
            claim,
            partial(inbox_tables.dead_letter, claim=claim, reason=reason, now=now),
            lambda: self._go_on(claim),
        )

    async def release(self, claim: Claim) -> None:
        """Release an unfinished event, to be claimed again at once."""
        await self.retry(claim, "", 0.0, ended=False)

    async def retry(self, claim: Claim, reason: str, delay: float, *, ended: bool = True) -> None:
        """Release an event, to be claimed again after `delay` seconds."""
        due_at = self._clock.now() + timedelta(seconds=delay)

        def wait() -> None:
            del self._numbers[key_of(claim)]
            self._lanes.requeue(claim.lane, delay=delay, ended=ended)

        put_back = partial(
            inbox_tables.put_back, claim=claim, reason=reason, due_at=due_at, ended=ended
        )
        await self._end(claim, put_back, wait)

    async def _store(self, coming: Sequence[tuple[Event, str]]) -> Sequence[bool]:
        """Store events and queue the new ones."""

        def line_up(stored: accepting.Stored) -> None:
            for (_event, lane), number in zip(coming, stored.numbers, strict=True):
                if number is not None:
                    self._lanes.add(lane, number)
            self.drop(stored.superseded)

        put = partial(accepting.put, coming=coming, now=self._clock.now())
        return (await self._database.write(put, committed=line_up)).fresh

    async def _take(self, numbers: Sequence[int]) -> list[Claim | None]:
        take = partial(claiming.take, numbers=numbers, token=uuid4().hex)
        claims = await self._database.write(take)
        return [claims.get(number) for number in numbers]

    async def _note(self, notes: Sequence[tuple[Claim, Sequence[str]]]) -> Sequence[None]:
        await self._database.write(partial(inbox_tables.checkpoint, notes=notes))
        return [None] * len(notes)

    async def _finish(self, done: Sequence[tuple[Claim, EventOutcome]]) -> Sequence[None]:
        """Finish events and continue with their conversations."""

        def go_on(_done: None) -> None:
            for claim, _ in done:
                self._go_on(claim)

        finish = partial(inbox_tables.finish, done=done, now=self._clock.now())
        await self._database.write(finish, committed=go_on)
        return [None] * len(done)

    async def _end(
        self, claim: Claim, operation: Callable[[Connection], None], then: Callable[[], None]
    ) -> None:
        """Run an operation that ends a claim; release its conversation when the claim was lost."""
        try:
            await self._database.write(operation, committed=lambda _: then())
        except ClaimLost:
            self._go_on(claim)
            raise

    def _go_on(self, claim: Claim) -> None:
        """Release the conversation of a claim that has ended."""
        number = self._numbers.pop(key_of(claim), None)
        if number is not None:
            self._lanes.leave(claim.lane, number)

    def _reload(self) -> None:
        """Load events that may have been stored although the write reported a failure."""
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

    async def _take_up(self) -> None:
        """Queue unfinished events of an earlier process; interrupted ones first, one at a time."""
        with ExitStack() as undo:
            undo.callback(self._lock.release)
            taking = partial(inbox_tables.interrupt_all, now=self._clock.now(), pause=self._pause)
            interrupted = await self._database.write(taking)
            await self._load()
            undo.pop_all()
        if interrupted:
            log.warning(
                "an earlier process was interrupted while handling events", events=interrupted
            )

    async def _load(self) -> None:
        """Queue stored events that are not queued yet."""
        now = self._clock.now()
        async with self._database.read() as connection:
            waiting = await connection.run_sync(inbox_tables.waiting)
        for number, lane, due_at, interrupted in waiting:
            # Also when the clock was set back.
            delay = min((due_at - now).total_seconds(), LONGEST_DELAY)
            self._lanes.add(lane, number, delay=delay, interrupted=interrupted)
