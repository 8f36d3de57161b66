"""Commands, shortcuts, presses and modals: one table of handlers, acknowledged in time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

from bot.messages import Event

T = TypeVar("T")
Handler = Callable[[T], Awaitable[None]]

ACKNOWLEDGE_WITHIN: Final = 2.0
"""Seconds that storing may delay an acknowledgement: platforms wait for 3."""

STORE_WITHIN: Final = 30.0
"""Seconds that storing an interaction may take; its author is asked to try again after that."""

ANY: Final = ""
"""A name that stands for all names of its kind that have no handler of their own."""


class InteractionKind(StrEnum):
    """What a person used, other than writing a message."""

    COMMAND = "command"
    SHORTCUT = "shortcut"
    """A shortcut of Slack, a command in a context menu of Discord."""

    PRESS = "press"
    MODAL = "modal"
    """A form in a window of its own, submitted."""


UNKNOWN: Final = {
    InteractionKind.COMMAND: "unknown_command",
    InteractionKind.SHORTCUT: "unknown_command",
    InteractionKind.PRESS: "expired",
    InteractionKind.MODAL: "unknown_command",
}
"""Key of the text that an interaction without a handler is answered with, by its kind."""


class Routes(Generic[T]):
    """Handlers by kind and name.

    A handler acknowledges within 3 seconds. Opening a modal is an acknowledgement: a handler that
    opens one reads at most one row, and waits for no conversation. What it needs to know it finds
    in the database: an interaction can reach another process than the one that offered it.

    Args:
        unknown: Takes interactions that no handler is registered for.
    """

    def __init__(self, unknown: Handler[T]) -> None:
        self._unknown = unknown
        self._handlers: dict[InteractionKind, dict[str, Handler[T]]] = {
            kind: {} for kind in InteractionKind
        }

    def add(self, kind: InteractionKind, name: str, handler: Handler[T]) -> None:
        """Register a handler for all names that begin with one; the longest one counts.

        Raises:
            ValueError: The name has a handler already.
        """
        if name in self._handlers[kind]:
            raise ValueError(f"the {kind} {name!r} has a handler already")
        self._handlers[kind][name] = handler

    def handler(self, kind: InteractionKind, name: str) -> Handler[T]:
        """Return the handler of an interaction, or the one for unknown interactions."""
        handlers = self._handlers[kind]
        fitting = [prefix for prefix in handlers if name.startswith(prefix)]
        return handlers[max(fitting, key=len)] if fitting else self._unknown


class TimelyIntake:
    """Stores events of interactions, and returns in time for their acknowledgement.

    Args:
        take: Stores an event; False when that failed.
    """

    def __init__(self, take: Callable[[Event], Coroutine[Any, Any, bool]]) -> None:
        self._take = take
        self._tasks: set[asyncio.Task[Any]] = set()

    async def take(self, event: Event, failed: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Store an event; return False when that failed.

        When storage is slow, storing continues after the return, which is True then.

        Args:
            event: The interaction.
            failed: Tells its author when storing fails after the return.
        """
        storing = self.later(self._take(event))
        done, _ = await asyncio.wait([storing], timeout=ACKNOWLEDGE_WITHIN)
        if done:
            return storing.result()
        self.later(self._finish(storing, failed))
        return True

    def later(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Do something in the background."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def settled(self, seconds: float) -> None:
        """Wait until nothing is left to do; what takes longer than some seconds is cancelled."""
        ends = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := ends - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(set(self._tasks), timeout=left)
        for task in set(self._tasks):
            task.cancel()

    @staticmethod
    async def _finish(
        storing: asyncio.Task[bool], failed: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        if not await storing:
            await failed()
