"""Retry delays: the one backoff policy, for delivery, adapters and the chat model."""

from __future__ import annotations

import random
from dataclasses import dataclass

_LARGEST_EXPONENT = 30
"""Beyond it every delay is at its maximum; larger powers of two would overflow."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential backoff: the delay doubles with each failure in a row.

    Attributes:
        first: Seconds before the first delayed attempt.
        longest: Maximum delay in seconds.
        immediate: Number of retries that are made without a delay.
    """

    first: float
    longest: float
    immediate: int = 0

    def delay(self, failures: int) -> float:
        """Return the seconds until the next attempt.

        Args:
            failures: Failed attempts in a row so far; 0: the first attempt is not delayed.

        >>> [Backoff(1.0, 300.0).delay(failures) for failures in (0, 1, 2, 9, 10, 9_999)]
        [0.0, 1.0, 2.0, 256.0, 300.0, 300.0]
        >>> [Backoff(0.5, 30.0, immediate=1).delay(failures) for failures in (0, 1, 2, 3, 99)]
        [0.0, 0.0, 0.5, 1.0, 30.0]
        """
        doublings = failures - self.immediate - 1
        if doublings < 0:
            return 0.0
        return min(self.first * 2.0 ** min(doublings, _LARGEST_EXPONENT), self.longest)


@dataclass(frozen=True, slots=True)
class Jitter:
    """A random delay, for many clients of one server that must not all retry at the same moment.

    Attributes:
        shortest, longest: Bounds of the delay in seconds.
    """

    shortest: float
    longest: float

    def delay(self, source: random.Random) -> float:
        """Return the seconds until the next attempt."""
        return source.uniform(self.shortest, self.longest)
