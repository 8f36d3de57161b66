"""The way in: events reach `accept` in order, and wait while storage is away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakValueDictionary

import structlog

from bot.backoff import Backoff
from bot.errors import FrontdeskError
from bot.messages import Event
from bot.ports import Accept

_log = structlog.get_logger(__name__)

LONGEST_WAIT = 30.0
DECLINED = 100  # events that were not stored, that are remembered
CLOSING_TIME = 5.0  # what is being stored when we close may still finish


class RetryingIntake:
    """Hands events to `accept`, since Discord delivers them once and never again.

    Args:
        accept: Returns when an event is stored.
        retry_after: Seconds before an event that could not be stored is tried again; doubles up
            to half a minute.
    """

    def __init__(self, accept: Accept, *, retry_after: float = 1.0) -> None:
        self._accept = accept
        self._backoff = Backoff(retry_after, LONGEST_WAIT)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._active: set[asyncio.Task[Any] | None] = set()
        self._closing = asyncio.Event()
        self._declined: tuple[str, ...] = ()

    async def take(self, event: Event) -> bool:
        """Store an event, however long storage is away; False when we closed before it could."""
        with self._being_handled():
            async with self._turn(event):
                failures = 0
                while not self._closing.is_set():
                    try:
                        await self._accept(event)
                    except (FrontdeskError, OSError) as error:
                        self._not_stored(event, error)
                        failures += 1
                        await self.pause(self._backoff.delay(failures))
                    else:
                        return True
                return False

    async def take_within(self, event: Event, seconds: float) -> bool:
        """Store an event in a single attempt; False when that failed or took too long."""
        if self._closing.is_set():
            return False
        with self._being_handled():
            try:
                async with asyncio.timeout(seconds), self._turn(event):
                    fresh = await self._accept(event)
            except (FrontdeskError, OSError) as error:
                self._not_stored(event, error)
                return False
            if not fresh:
                self._declined = (*self._declined[-DECLINED:], event.message.id)
            return True

    def declined(self, event: Event) -> bool:
        """Return whether an event was not stored a moment ago, though storage would take it."""
        return event.message.id in self._declined

    async def close(self) -> None:
        """Take no more; returns when nothing is being handed to `accept` any longer."""
        self._closing.set()
        active = [task for task in self._active if task is not None]
        if active:
            _, late = await asyncio.wait(active, timeout=CLOSING_TIME)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    @contextmanager
    def _being_handled(self) -> Iterator[None]:
        task = asyncio.current_task()
        self._active.add(task)
        try:
            yield
        finally:
            self._active.discard(task)

    def _turn(self, event: Event) -> asyncio.Lock:
        """Return the lock that lets the events of a conversation in one by one."""
        return self._turns.setdefault(event.message.conversation, asyncio.Lock())

    async def pause(self, seconds: float) -> bool:
        """Wait; False when we close."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        return not self._closing.is_set()

    def _not_stored(self, event: Event, error: Exception) -> None:
        _log.warning(
            "discord.event_not_stored", message=event.message.id, error=type(error).__name__
        )
