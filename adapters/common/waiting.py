"""Waiting and trying again, without outstaying a shutdown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, TypeVar

import structlog

from bot.backoff import Backoff
from bot.errors import ServiceUnavailable

T = TypeVar("T")

_BACKOFF: Final = Backoff(first=0.5, longest=30.0, immediate=1)

_log = structlog.get_logger(__name__)


def backoff(failures: int) -> float:
    """Return seconds to wait after some failures in a row: none after the first, then doubling.

    >>> [backoff(failures) for failures in (0, 1, 2, 3, 4, 99)]
    [0.0, 0.0, 0.5, 1.0, 2.0, 30.0]
    """
    return _BACKOFF.delay(failures)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not beyond `stop`."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


async def first_of(*events: asyncio.Event) -> None:
    """Wait until one of several events is set."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiter in waiting:
            waiter.cancel()


async def persist(attempt: Callable[[], Awaitable[T]], stop: asyncio.Event, doing: str) -> T | None:
    """Try until it works; None when `stop` is set first.

    Raises:
        AdapterError: The attempt will never work.
    """
    failures = 0
    while not stop.is_set():
        try:
            return await attempt()
        except ServiceUnavailable as error:
            failures += 1
            _log.warning("slack.trying_again", doing=doing, reason=str(error), failures=failures)
        await pause(stop, backoff(failures + 1))
    return None


class InFlight:
    """Counts what is inside its `with` blocks."""

    def __init__(self) -> None:
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    def __enter__(self) -> None:
        self._count += 1
        self._none.clear()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._count -= 1
        if not self._count:
            self._none.set()

    async def settled(self, seconds: float) -> bool:
        """Wait until nothing is under way; False when it still is after some seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._none.wait()
        except TimeoutError:
            return False
        return True
