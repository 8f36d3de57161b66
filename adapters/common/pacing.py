"""Spaces the edits of replies that share a platform's limit: they slow down together."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Final
from weakref import WeakValueDictionary

BETWEEN_EDITS: Final = 1.2
"""Seconds between two edits of one post that platforms take without limiting them."""


class Pace:
    """What the replies that share one limit may still call.

    A reply's end must never wait for the edits of others, so each reply that is being shown keeps
    one call back for its end.

    Args:
        limit: Calls within the window for edits, kept below what the platform takes.
        window: Seconds.
        most: Calls that the platform takes, for the ends of replies; None: as many as for edits.
        above: A wider limit that the calls count against, too.
        clock: Seconds that never decrease.
    """

    def __init__(
        self,
        limit: int,
        window: float = 60.0,
        *,
        most: int | None = None,
        above: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most or limit
        self._above = above
        self._limit = limit
        self._window = window
        self._clock = clock
        self._calls: deque[float] = deque()
        self._active = 0
        self._held_until = 0.0

    @contextmanager
    def share(self) -> Iterator[None]:
        """Count one reply more among those that share the limit, while the context is open."""
        self._active += 1
        try:
            with self._above.share() if self._above is not None else nullcontext():
                yield
        finally:
            self._active -= 1

    def count(self) -> None:
        """Count a call."""
        self._calls.append(self._clock())
        if self._above is not None:
            self._above.count()

    def hold(self, seconds: float) -> None:
        """Let nobody edit for some seconds: the platform asked for that."""
        self._held_until = max(self._held_until, self._clock() + seconds)

    def held(self) -> float:
        """Return the seconds for which the platform asked to be left alone."""
        return max(self._held_until - self._clock(), 0.0)

    def admits(self) -> bool:
        """Return whether one reply more can be shown while it is made, and still be ended."""
        above = self._above is None or self._above.admits()
        return above and not self.held() and self.used() + self._active < self._most

    def wait(self, edited_at: float) -> float:
        """Return the seconds until a reply that was edited at some moment may be edited again."""
        now = self._clock()
        fair = max(BETWEEN_EDITS, self._active * self._window / self._limit)
        due = max(edited_at + fair, self._held_until)
        if self.used() + self._active >= self._limit and self._calls:
            due = max(due, self._calls[0] + self._window)
        above = self._above.wait(edited_at) if self._above is not None else 0.0
        return max(due - now, above)

    def now(self) -> float:
        """Return the present by the clock that `wait` reads."""
        return self._clock()

    def used(self) -> int:
        """Return how many calls the window holds."""
        oldest = self._clock() - self._window
        while self._calls and self._calls[0] <= oldest:
            self._calls.popleft()
        return len(self._calls)


class Paces:
    """The limits of many channels, each kept as long as somebody needs it.

    Args:
        limit: Calls that the platform takes in one channel within the window.
        window: Seconds.
        above: What all of them count against.
    """

    def __init__(self, limit: int, window: float, above: Pace) -> None:
        self._above = above
        self._limit = limit
        self._window = window
        self._paces: WeakValueDictionary[str, Pace] = WeakValueDictionary()

    def of(self, channel: str) -> Pace:
        """Return the limit of a channel."""
        pace = self._paces.get(channel)
        if pace is None:
            pace = self._paces[channel] = Pace(self._limit, self._window, above=self._above)
        return pace
