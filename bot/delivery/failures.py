"""What becomes of an event whose attempt failed: it is tried again, or becomes a dead letter."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.delivery.retry import DEATHS, next_delay
from bot.errors import (
    AdapterError,
    ClaimLost,
    FrontdeskError,
    ServiceUnavailable,
    StorageError,
    WorkerLost,
)
from bot.messages import Deleted, Edited
from bot.ports import Claim, Clock, Inbox, Meter

log = structlog.get_logger(__name__)
T = TypeVar("T")

PAUSE = 1.0
"""Seconds between two attempts while the database is unavailable."""


async def retry_forever(call: Callable[[], Awaitable[T]], clock: Clock) -> T:
    """Call the inbox, and retry while the database is unavailable."""
    while True:
        try:
            return await call()
        except StorageError as error:
            log.warning("database unavailable", reason=str(error))
            await clock.sleep(PAUSE)


class Failures:
    """Retries or dead-letters events, by type of error.

    Args:
        inbox: Where they are stored.
        meter: Told what happens.
        clock: For pauses.
        apologise: Posts what a customer is told of an event that is given up; None: nothing is.
    """

    def __init__(
        self,
        inbox: Inbox,
        meter: Meter,
        clock: Clock,
        apologise: Callable[[Claim], Awaitable[object]] | None,
    ) -> None:
        self._inbox = inbox
        self._meter = meter
        self._clock = clock
        self._apologise_to = apologise

    async def fail(self, claim: Claim, error: Exception) -> None:
        """Retry or dead-letter an event, by type of error."""
        delay = next_delay(error, claim.failures + 1)
        try:
            if delay is None:
                await self._give_up(claim, error)
            else:
                await self._put_off(claim, error, delay)
        except ClaimLost:
            log.warning("claim lost to another worker")

    async def _put_off(self, claim: Claim, error: Exception, delay: float) -> None:
        """Schedule another attempt."""
        reason, traced = _reason(error), not isinstance(error, FrontdeskError)
        log.warning("retrying", reason=reason, seconds=delay, exc_info=error if traced else None)
        self._meter.retried(claim.event, error)
        await self._forever(lambda: self._inbox.retry(claim, reason, delay))

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
                await self._forever(lambda: self._inbox.retry(claim, reason, delay, ended=ended))
                return
        reason, traced = _reason(error), not isinstance(error, FrontdeskError)
        log.error("dead-lettered", reason=reason, exc_info=error if traced else None)
        self._meter.dead_lettered(claim.event, error)
        await self._forever(lambda: self._inbox.dead_letter(claim, reason))

    async def _apologise(self, claim: Claim, error: Exception) -> None:
        """Tell a customer that there will be no answer, where the platform accepts it.

        Skipped for an event that made a worker die again during this.

        Raises:
            ServiceUnavailable: The platform is unavailable: worth another attempt.
        """
        hopeless = isinstance(error, (AdapterError, ServiceUnavailable, StorageError))
        hopeless |= isinstance(claim.event, Edited | Deleted)
        if self._apologise_to is None or hopeless or claim.interrupted_alone > DEATHS:
            return
        try:
            await self._apologise_to(claim)
        except (ServiceUnavailable, ClaimLost):
            raise
        except Exception as failed:
            expected = isinstance(failed, FrontdeskError)
            log.warning(
                "customer not notified",
                reason=_reason(failed),
                exc_info=None if expected else failed,
            )

    async def _forever(self, call: Callable[[], Awaitable[T]]) -> T:
        return await retry_forever(call, self._clock)


def _reason(error: Exception) -> str:
    """Return an error's type and text, for operators."""
    return f"{type(error).__name__}: {error}"
