"""Takes events from the inbox, has them answered, and sees each one to its end."""

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
    StorageError,
    WorkerLost,
)
from bot.messages import Event
from bot.ports import Adapter, Claim, Clock, Inbox, Meter, Outcome, Responding
from bot.ports.delivery import NullMeter

log = structlog.get_logger(__name__)
T = TypeVar("T")

GRACE = 16.0
"""Seconds that `stop` lets replies take to their end."""

HAND_BACK = 3.0
"""Seconds that giving back may take after that; together less than the 20 promised."""

APOLOGY = 30.0
"""Seconds that telling a customer of an event given up may take."""

PAUSE = 1.0
"""Seconds between two tries while the database is away."""


class Worker:
    """Handles several conversations at once, each one in order."""

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
        located: Callable[[Event], Event] | None = None,
    ) -> None:
        """Prepare.

        Args:
            inbox: Where events come from.
            responder: Decides what is done about each.
            adapters: Where replies are posted, by platform.
            concurrency: Events in hand at most.
            clock: For durations and pauses.
            meter: Told what happens.
            apology: What customers are told of an event that is given up; None: nothing.
            located: Adds who reads the place of an event, where config alone says so; None: nobody.
        """
        self._apology = apology
        self._meter = meter or NullMeter()
        self._located = located or (lambda event: event)
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
        """Keep what is to be posted to a platform until we are started again."""
        self._lost[platform] = reason

    async def stop(self, *, grace: float = GRACE) -> None:
        """Claim nothing more; finish what is being handled, or give it back.

        Args:
            grace: Seconds until what is still being handled is given back.
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
        """Handle one event after the other."""
        while not self._stopping:
            claim = await self._claim(number)
            with bound_contextvars(message_id=claim.event.message.id):
                await self._handle(claim)

    async def _claim(self, number: int) -> Claim:
        """Wait for an event; meanwhile this runner may be cancelled without harm."""
        self._idle.add(number)
        try:
            return await self._retry_forever(self._inbox.claim)
        finally:
            self._idle.discard(number)

    async def _handle(self, claim: Claim) -> None:
        """See one event to its end: answered, put off, given back or given up.

        The one place that catches everything: one bad event must not stop the desk.
        """
        started = self._clock.monotonic()
        try:
            outcome = await self._answer(claim)
            await self._retry_forever(lambda: self._inbox.finish(claim, outcome))
        except asyncio.CancelledError:
            await self._requeue(claim)
            raise
        except ClaimLost:
            log.warning("another worker took over")
        except Exception as error:  # noqa: BLE001 - the outermost loop
            await self._fail(claim, error)
        else:
            seconds = self._clock.monotonic() - started
            self._meter.answered(outcome.decision, seconds)
            log.info(
                "answered",
                kind=str(outcome.decision.kind),
                attempt=claim.attempt,
                milliseconds=round(seconds * 1000, 1),
            )

    async def _answer(self, claim: Claim) -> Outcome:
        """Have an event answered and posted; return what came of it."""
        if claim.interrupted_alone >= DEATHS:
            times = claim.interrupted_alone
            raise WorkerLost(f"{times} times a worker died or stalled with nothing else in hand")
        return await self._post(claim, self._responder, limit=HANDLING_LIMIT)

    async def _post(self, claim: Claim, responder: Responding, *, limit: float) -> Outcome:
        """Post what a responder says about an event, within some seconds."""
        event = self._located(claim.event)
        adapter = self._adapter(event)
        posting = PostingAttempt(
            event,
            claim.attempt,
            claim.posted,
            lambda posted: self._retry_forever(lambda: self._inbox.checkpoint(claim, posted)),
        )
        async with asyncio.timeout(limit), aclosing(ReplyRecorder(responder.respond(event))) as tee:
            async with adapter.thinking(event):
                await adapter.post(posting, tee)
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
        """Try again later, or give the event up, by what went wrong."""
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
            log.warning("another worker took over")

    async def _put_off(self, claim: Claim, error: Exception, delay: float) -> None:
        """Have an event tried again later."""
        reason, traced = _reason(error), not isinstance(error, FrontdeskError)
        log.warning("put off", reason=reason, seconds=delay, exc_info=error if traced else None)
        self._meter.retried(claim.event, error)
        await self._retry_forever(lambda: self._inbox.retry(claim, reason, delay))

    async def _give_up(self, claim: Claim, error: Exception) -> None:
        """Keep an event for staff, and tell its customer how to reach a person."""
        try:
            await self._apologise(claim, error)
        except ServiceUnavailable as away:
            delay = next_delay(away, claim.failures + 1)
            if delay is not None:  # else nobody can be told
                ended = not isinstance(error, WorkerLost)
                reason = _reason(error)
                log.warning("put off", reason=_reason(away), seconds=delay)
                await self._retry_forever(
                    lambda: self._inbox.retry(claim, reason, delay, ended=ended)
                )
                return
        reason, traced = _reason(error), not isinstance(error, FrontdeskError)
        log.error("given up", reason=reason, exc_info=error if traced else None)
        self._meter.dead_lettered(claim.event, error)
        await self._retry_forever(lambda: self._inbox.dead_letter(claim, reason))

    async def _apologise(self, claim: Claim, error: Exception) -> None:
        """Tell a customer that there will be no answer, where the platform would take it.

        An event that has made workers die again while this was tried is left alone.

        Raises:
            ServiceUnavailable: The platform is away: worth another attempt.
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
                "customer not told", reason=_reason(failed), exc_info=None if expected else failed
            )

    async def _requeue(self, claim: Claim) -> None:
        """Let another worker, or the next start, take an event up."""
        with suppress(ClaimLost, StorageError):  # a restart takes up what could not be released
            await self._inbox.release(claim)
            log.info("given back")

    async def _retry_forever(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call the inbox, again and again while the database is away."""
        while True:
            try:
                return await call()
            except StorageError as error:
                log.warning("the database is away", reason=str(error))
                await self._clock.sleep(PAUSE)


def _reason(error: Exception) -> str:
    """Return what operators read of an error."""
    return f"{type(error).__name__}: {error}"
