"""Takes events from the inbox, has them answered, and sees each one to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from typing import TypeVar

import structlog
from structlog.contextvars import bound_contextvars

from bot.delivery.patience import DEATHS, next_delay
from bot.delivery.reply import Attempt, Tee
from bot.delivery.unmetered import Unmetered
from bot.errors import AccessLost, AdapterError, ClaimLost, FrontdeskError, StorageError
from bot.messages import Event
from bot.ports import Adapter, Claim, Clock, Inbox, Meter, Outcome, Responds

log = structlog.get_logger(__name__)
T = TypeVar("T")

GRACE = 16.0
"""Seconds that `stop` lets replies take to their end."""

HAND_BACK = 3.0
"""Seconds that giving back may take after that; together less than the 20 promised."""

HANDLING_LIMIT = 300.0
"""Seconds after which an attempt is given up, whatever hangs: its conversation waits."""

PAUSE = 1.0
"""Seconds between two tries while the database is away."""


class Worker:
    """Handles several conversations at once, each one in order."""

    def __init__(
        self,
        inbox: Inbox,
        responder: Responds,
        adapters: Mapping[str, Adapter],
        *,
        concurrency: int,
        clock: Clock,
        meter: Meter | None = None,
        located: Callable[[Event], Event] | None = None,
    ) -> None:
        self._meter = meter or Unmetered()
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

    def lose(self, platform: str, reason: str) -> None:
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
            return await self._insist(self._inbox.claim)
        finally:
            self._idle.discard(number)

    async def _handle(self, claim: Claim) -> None:
        """See one event to its end: answered, put off, given back or given up.

        The one place that catches everything: one bad event must not stop the desk.
        """
        started = self._clock.monotonic()
        try:
            outcome = await self._answer(claim)
            await self._insist(lambda: self._inbox.finish(claim, outcome))
        except asyncio.CancelledError:
            await self._give_back(claim)
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
        if claim.interrupted >= DEATHS:
            raise AdapterError(f"the process died {claim.interrupted} times over this event")
        event = self._located(claim.event)
        adapter = self._adapter(event)
        posting = Attempt(
            event,
            claim.attempt,
            claim.posted,
            lambda posted: self._insist(lambda: self._inbox.checkpoint(claim, posted)),
        )
        async with (
            asyncio.timeout(HANDLING_LIMIT),
            aclosing(Tee(self._responder.respond(event))) as tee,
        ):
            async with adapter.thinking(event):
                await adapter.post(posting, tee)
            return await tee.outcome()

    def _adapter(self, event: Event) -> Adapter:
        """Return the adapter of the platform that an event came from."""
        platform = event.message.id.partition(":")[0]
        if platform in self._lost:
            raise AccessLost(self._lost[platform])
        try:
            return self._adapters[platform]
        except KeyError:
            raise AdapterError(f"no adapter is running for {platform!r}") from None

    async def _fail(self, claim: Claim, error: Exception) -> None:
        """Try again later, or give the event up, by what went wrong."""
        reason = f"{type(error).__name__}: {error}"
        delay = next_delay(error, claim.attempt)
        expected = isinstance(error, FrontdeskError)
        with suppress(ClaimLost):
            if delay is None:
                log.error("given up", reason=reason, exc_info=not expected)
                self._meter.given_up(claim.event, error)
                await self._insist(lambda: self._inbox.bury(claim, reason))
            else:
                log.warning("put off", reason=reason, seconds=delay, exc_info=not expected)
                self._meter.put_off(claim.event, error)
                await self._insist(lambda: self._inbox.retry(claim, reason, delay))

    async def _give_back(self, claim: Claim) -> None:
        """Let another worker, or the next start, take an event up."""
        with suppress(ClaimLost, StorageError):  # a restart takes up what could not be released
            await self._inbox.release(claim)
            log.info("given back")

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call the inbox, again and again while the database is away."""
        while True:
            try:
                return await call()
            except StorageError as error:
                log.warning("the database is away", reason=str(error))
                await self._clock.sleep(PAUSE)
