"""Claims events from the inbox, has them answered, and finishes, retries or dead-letters them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import TypeVar

import structlog
from structlog.contextvars import bound_contextvars

from bot.conversations.key import platform_of
from bot.delivery.changed_messages import Ending, resolve, withdraw
from bot.delivery.failures import Failures, retry_forever
from bot.delivery.finishing import finish
from bot.delivery.greetings import passed_unchanged, wait_of
from bot.delivery.posting import PostingAttempt, ReplyRecorder
from bot.delivery.retry import APOLOGY, DEATHS, HAND_BACK, HANDLING_LIMIT
from bot.delivery.taken_over import end_taken_over
from bot.delivery.until_superseded import until_superseded
from bot.errors import (
    AccessLost,
    AdapterError,
    ClaimLost,
    StateChanged,
    StorageError,
    Superseded,
    WorkerLost,
)
from bot.messages import Deleted, Event
from bot.ports import (
    Adapter,
    Claim,
    Clock,
    EventOutcome,
    FollowsChanges,
    Inbox,
    Meter,
    Outbox,
    Responding,
)
from bot.ports.delivery import NullMeter
from bot.ports.takeovers import CarriesLines, CarriesNothing

log = structlog.get_logger(__name__)
T = TypeVar("T")

GRACE = 16.0
"""Seconds that `stop` allows replies in progress to complete."""


class Worker:
    """Handles several conversations concurrently, each one in order.

    Args:
        inbox: Source of events.
        responder: Decides how each event is answered.
        adapters: Where replies are posted, by platform.
        concurrency: Maximum number of events handled at a time.
        clock: For durations and pauses.
        meter: Told what happens.
        apology: What customers are told of an event that is given up; None: nothing.
        mark: Adds what config alone knows of an event: who is staff, who reads the place.
        outbox: Told when an event has left posts in it.
        greeting_wait: Seconds that a mere greeting waits for the question.
        lines: Carries to staff what the bot did not answer to its end; None: nobody does.
        changed: Called before an edit or a deletion ends that nothing answers; None: nobody is.
    """

    def __init__(
        self,
        inbox: Inbox,
        responder: Responding,
        adapters: Mapping[str, Adapter],
        *,
        concurrency: int,
        clock: Clock,
        meter: Meter | None = None,
        apology: Responding | None = None,
        mark: Callable[[Event], Event] | None = None,
        outbox: Outbox | None = None,
        greeting_wait: float = 0.0,
        lines: CarriesLines | None = None,
        changed: FollowsChanges | None = None,
    ) -> None:
        self._lines = lines or CarriesNothing()
        self._changed = changed
        self._greeting_wait = greeting_wait
        self._outbox = outbox
        self._meter = meter or NullMeter()
        self._mark = mark or (lambda event: event)
        self._inbox = inbox
        self._responder = responder
        self._adapters = adapters
        self._concurrency = concurrency
        self._clock = clock
        self._failures = Failures(
            inbox,
            self._meter,
            clock,
            None if apology is None else lambda claim: self._post(claim, apology, limit=APOLOGY),
        )
        self._stopping = False
        self._runners: list[asyncio.Task[None]] = []
        self._idle: set[int] = set()
        self._greeted: set[asyncio.Task[None]] = set()
        self._lost: dict[str, str] = {}

    async def run(self) -> None:
        """Handle events until `stop`."""
        self._runners = [
            asyncio.create_task(self._serve(number), name=f"worker-{number}")
            for number in range(self._concurrency)
        ]
        try:
            ended, _ = await asyncio.wait(self._runners, return_when=asyncio.FIRST_EXCEPTION)
        except asyncio.CancelledError:
            await self.stop(grace=0.0)
            raise
        for runner in ended:
            if not runner.cancelled():
                runner.result()

    def mark_lost(self, platform: str, reason: str) -> None:
        """Retry replies to a platform until the next start instead of dead-lettering them."""
        self._lost[platform] = reason

    async def stop(self, *, grace: float = GRACE) -> None:
        """Claim nothing more; finish events in progress, or release them.

        Args:
            grace: Seconds until unfinished events are released.
        """
        self._stopping = True
        idle = {self._runners[number] for number in self._idle}
        busy = {*self._runners, *self._greeted} - idle
        for runner in idle:
            runner.cancel()
        if busy:
            _, busy = await asyncio.wait(busy, timeout=grace)
        for runner in busy:
            runner.cancel()
        if unfinished := [each for each in (*self._runners, *self._greeted) if not each.done()]:
            await asyncio.wait(unfinished, timeout=HAND_BACK)

    async def _serve(self, number: int) -> None:
        """Handle one event after another."""
        while not self._stopping:
            claim = await self._claim(number)
            with bound_contextvars(message_id=claim.event.message.id):
                seconds = wait_of(claim, self._greeting_wait, self._clock.now())
                if seconds > 0:
                    waiting = asyncio.create_task(self._handle_later(claim, seconds))
                    self._greeted.add(waiting)
                    waiting.add_done_callback(self._greeted.discard)
                else:
                    await self._handle(claim)

    async def _handle_later(self, claim: Claim, seconds: float) -> None:
        """Handle a greeting, unless it becomes a part of a question first; holds up nobody."""
        try:
            async with self._adapter(claim.event).thinking(claim.event):
                await passed_unchanged(self._inbox, claim, seconds)
        except Superseded:
            await self._requeue(claim)
        except asyncio.CancelledError:
            await self._requeue(claim)
            raise
        except AdapterError:  # without an adapter there is nothing to show
            await self._handle(claim)
        else:
            await self._handle(claim)

    async def _claim(self, number: int) -> Claim:
        """Wait for an event; until then this runner may be cancelled safely."""
        self._idle.add(number)
        try:
            return await self._retry_forever(self._inbox.claim)
        finally:
            self._idle.discard(number)

    async def _handle(self, claim: Claim) -> None:
        """Handle one event: answer, retry, release or dead-letter it.

        The outermost error handler: one bad event must not stop the service.
        """
        started = self._clock.monotonic()
        try:
            resolved = resolve(claim)
            if isinstance(resolved, Ending):
                await self._end(claim, resolved)
                return
            outcome = await self._answer(resolved)
            await finish(self._inbox, resolved, outcome, self._clock)
        except asyncio.CancelledError:
            await self._requeue(claim)
            raise
        except ClaimLost:
            log.warning("claim lost to another worker")
        except Superseded:
            await self._requeue(claim)
        except Exception as error:  # noqa: BLE001 - the outermost loop
            await self._fail(claim, error)
        else:
            self._report(claim, outcome, self._clock.monotonic() - started)

    def _report(self, claim: Claim, outcome: EventOutcome, seconds: float) -> None:
        """Count and log what was answered."""
        self._meter.answered(outcome.decision, seconds)
        if outcome.outgoing and self._outbox is not None:
            self._outbox.wake()
        log.info(
            "answered",
            kind=str(outcome.decision.kind),
            attempt=claim.attempt,
            milliseconds=round(seconds * 1000, 1),
        )

    async def _end(self, claim: Claim, ending: Ending) -> None:
        """End an event that nothing answers; take back what was posted."""
        taken_back = ending.taken_back
        if taken_back is not None:
            # where an answer stands that was finished is known: nothing is looked for
            known = claim if claim.standing is None else replace(claim, attempt=1)
            async with asyncio.timeout(HANDLING_LIMIT):
                await withdraw(self._adapter(taken_back), self._posting(known, taken_back))
        if self._changed is not None:
            changed, gone = self._changed, isinstance(claim.event, Deleted)
            event = claim.event if gone else self._mark(claim.event)
            await self._retry_forever(lambda: changed(event, withdrawn=claim.withdrawn))
        await self._retry_forever(lambda: self._inbox.amend(claim, ending.change))
        log.info("changed", withdrawn=taken_back is not None)

    async def _answer(self, claim: Claim) -> EventOutcome:
        """Answer an event and post the reply; return the outcome."""
        if (times := claim.interrupted_alone) >= DEATHS:
            raise WorkerLost(f"a worker died or stalled {times} times handling this event alone")
        return await self._post(claim, self._responder, limit=HANDLING_LIMIT)

    async def _post(self, claim: Claim, responder: Responding, *, limit: float) -> EventOutcome:
        """Post a responder's reply to an event, within some seconds."""
        event = self._mark(claim.event)
        posting = self._posting(claim, event)
        making = self._make(claim, posting, responder, limit)
        return await until_superseded(self._inbox, claim, posting, making)

    async def _make(
        self, claim: Claim, posting: PostingAttempt, responder: Responding, limit: float
    ) -> EventOutcome:
        """Make and post a reply."""
        event = posting.event
        adapter = self._adapter(event)
        async with asyncio.timeout(limit), aclosing(ReplyRecorder(responder.respond(event))) as tee:
            try:
                async with adapter.thinking(event):
                    await adapter.post(posting, tee)
            except StateChanged:
                return await end_taken_over(claim, posting, tee, self._lines, self._clock)
            return replace(await tee.outcome(), posted=posting.posted)

    def _posting(self, claim: Claim, event: Event) -> PostingAttempt:
        """Return the posting of a claim."""
        return PostingAttempt(
            event,
            claim.attempt,
            claim.posted,
            lambda posted: self._retry_forever(lambda: self._inbox.checkpoint(claim, posted)),
            lambda: self._retry_forever(lambda: self._inbox.reserve(claim)),
        )

    def _adapter(self, event: Event) -> Adapter:
        """Return the adapter of the platform that an event came from."""
        platform = platform_of(event.message.id)
        if platform in self._lost:
            raise AccessLost(self._lost[platform])
        if platform not in self._adapters:
            raise AdapterError(f"no adapter is running for {platform!r}")
        return self._adapters[platform]

    async def _fail(self, claim: Claim, error: Exception) -> None:
        """Retry or dead-letter an event; release it when cancelled meanwhile, or changed."""
        try:
            await self._failures.fail(claim, error)
        except Superseded:
            await self._requeue(claim)
        except asyncio.CancelledError:
            await self._requeue(claim)
            raise

    async def _requeue(self, claim: Claim) -> None:
        """Release an event for another worker or the next start."""
        with suppress(ClaimLost, StorageError):  # else the next start reclaims it
            await self._inbox.release(claim)
            log.info("released")

    async def _retry_forever(self, call: Callable[[], Awaitable[T]]) -> T:
        return await retry_forever(call, self._clock)
