"""Claims events from the inbox, has them answered, and finishes, retries or dead-letters them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from typing import TypeVar

import structlog
from structlog.contextvars import bound_contextvars

from bot.conversations.key import platform_of
from bot.delivery.posting import PostingAttempt, ReplyRecorder
from bot.delivery.retry import DEATHS, HANDLING_LIMIT, next_delay
from bot.errors import (
    AccessLost,
    AdapterError,
    ClaimLost,
    FrontdeskError,
    ServiceUnavailable,
    StateChanged,
    StorageError,
    WorkerLost,
)
from bot.messages import Event
from bot.ports import Adapter, Claim, Clock, EventOutcome, Inbox, Meter, Outbox, Responding
from bot.ports.delivery import NullMeter

log = structlog.get_logger(__name__)
T = TypeVar("T")

GRACE = 16.0
"""Seconds that `stop` allows replies in progress to complete."""

HAND_BACK = 3.0
"""Seconds allowed for releasing claims after that; together below the documented 20."""

APOLOGY = 30.0
"""Seconds allowed for notifying the customer of a dead letter."""

PAUSE = 1.0
"""Seconds between two attempts while the database is unavailable."""


class Worker:
    """Handles several conversations concurrently, each one in order."""

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
    ) -> None:
        """Prepare.

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
        """
        self._outbox = outbox
        self._apology = apology
        self._meter = meter or NullMeter()
        self._mark = mark or (lambda event: event)
        self._inbox = inbox
        self._responder = responder
        self._adapters = adapters
        self._concurrency = concurrency
        self._clock = clock
        self._stopping = False
        self._runners: list[asyncio.Task[None]] = []
        self._idle: set[int] = set()
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
        busy = set(self._runners) - idle
        for runner in idle:
            runner.cancel()
        if busy:
            _, busy = await asyncio.wait(busy, timeout=grace)
        for runner in busy:
            runner.cancel()
        if self._runners:
            await asyncio.wait(self._runners, timeout=HAND_BACK)

    async def _serve(self, number: int) -> None:
        """Handle one event after another."""
        while not self._stopping:
            claim = await self._claim(number)
            with bound_contextvars(message_id=claim.event.message.id):
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
            outcome = await self._answer(claim)
            await self._retry_forever(lambda: self._inbox.finish(claim, outcome))
        except asyncio.CancelledError:
            await self._requeue(claim)
            raise
        except ClaimLost:
            log.warning("claim lost to another worker")
        except Exception as error:  # noqa: BLE001 - the outermost loop
            await self._fail(claim, error)
        else:
            seconds = self._clock.monotonic() - started
            self._meter.answered(outcome.decision, seconds)
            if outcome.outgoing and self._outbox is not None:
                self._outbox.wake()
            log.info(
                "answered",
                kind=str(outcome.decision.kind),
                attempt=claim.attempt,
                milliseconds=round(seconds * 1000, 1),
            )

    async def _answer(self, claim: Claim) -> EventOutcome:
        """Answer an event and post the reply; return the outcome."""
        if claim.interrupted_alone >= DEATHS:
            times = claim.interrupted_alone
            raise WorkerLost(
                f"a worker died or stalled {times} times while handling only this event"
            )
        return await self._post(claim, self._responder, limit=HANDLING_LIMIT)

    async def _post(self, claim: Claim, responder: Responding, *, limit: float) -> EventOutcome:
        """Post a responder's reply to an event, within some seconds."""
        event = self._mark(claim.event)
        adapter = self._adapter(event)
        posting = PostingAttempt(
            event,
            claim.attempt,
            claim.posted,
            lambda posted: self._retry_forever(lambda: self._inbox.checkpoint(claim, posted)),
            lambda: self._retry_forever(lambda: self._inbox.reserve(claim)),
        )
        async with asyncio.timeout(limit), aclosing(ReplyRecorder(responder.respond(event))) as tee:
            try:
                async with adapter.thinking(event):
                    await adapter.post(posting, tee)
            except StateChanged:
                log.info("a person took over")
                return await tee.taken_over(shown=claim.begun or bool(posting.posted))
            return await tee.outcome()

    def _adapter(self, event: Event) -> Adapter:
        """Return the adapter of the platform that an event came from."""
        platform = platform_of(event.message.id)
        if platform in self._lost:
            raise AccessLost(self._lost[platform])
        try:
            return self._adapters[platform]
        except KeyError:
            raise AdapterError(f"no adapter is running for {platform!r}") from None

    async def _fail(self, claim: Claim, error: Exception) -> None:
        """Retry or dead-letter an event, by type of error."""
        delay = next_delay(error, claim.failures + 1)
        try:
            if delay is None:
                await self._give_up(claim, error)
            else:
                await self._put_off(claim, error, delay)
        except asyncio.CancelledError:
            await self._requeue(claim)
            raise
        except ClaimLost:
            log.warning("claim lost to another worker")

    async def _put_off(self, claim: Claim, error: Exception, delay: float) -> None:
        """Schedule another attempt."""
        reason, traced = _reason(error), not isinstance(error, FrontdeskError)
        log.warning("retrying", reason=reason, seconds=delay, exc_info=error if traced else None)
        self._meter.retried(claim.event, error)
        await self._retry_forever(lambda: self._inbox.retry(claim, reason, delay))

    async def _give_up(self, claim: Claim, error: Exception) -> None:
        """Dead-letter an event for staff, and tell its customer how to reach a person."""
        try:
            await self._apologise(claim, error)
        except ServiceUnavailable as away:
            delay = next_delay(away, claim.failures + 1)
            if delay is not None:  # else the customer cannot be notified
                ended = not isinstance(error, WorkerLost)
                reason = _reason(error)
                log.warning("retrying", reason=_reason(away), seconds=delay)
                await self._retry_forever(
                    lambda: self._inbox.retry(claim, reason, delay, ended=ended)
                )
                return
        reason, traced = _reason(error), not isinstance(error, FrontdeskError)
        log.error("dead-lettered", reason=reason, exc_info=error if traced else None)
        self._meter.dead_lettered(claim.event, error)
        await self._retry_forever(lambda: self._inbox.dead_letter(claim, reason))

    async def _apologise(self, claim: Claim, error: Exception) -> None:
        """Tell a customer that there will be no answer, where the platform accepts it.

        Skipped for an event that made a worker die again during this.

        Raises:
            ServiceUnavailable: The platform is unavailable: worth another attempt.
        """
        hopeless = isinstance(error, (AdapterError, ServiceUnavailable, StorageError))
        if self._apology is None or hopeless or claim.interrupted_alone > DEATHS:
            return
        try:
            await self._post(claim, self._apology, limit=APOLOGY)
        except (ServiceUnavailable, ClaimLost):
            raise
        except Exception as failed:
            expected = isinstance(failed, FrontdeskError)
            log.warning(
                "customer not notified",
                reason=_reason(failed),
                exc_info=None if expected else failed,
            )

    async def _requeue(self, claim: Claim) -> None:
        """Release an event for another worker or the next start."""
        with suppress(ClaimLost, StorageError):  # else the next start reclaims it
            await self._inbox.release(claim)
            log.info("released")

    async def _retry_forever(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call the inbox, and retry while the database is unavailable."""
        while True:
            try:
                return await call()
            except StorageError as error:
                log.warning("database unavailable", reason=str(error))
                await self._clock.sleep(PAUSE)


def _reason(error: Exception) -> str:
    """Return an error's type and text, for operators."""
    return f"{type(error).__name__}: {error}"
