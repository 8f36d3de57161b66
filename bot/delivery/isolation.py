"""How long an event that was interrupted by a dying worker is handled in isolation.

Of the events that were being handled when a process died, one may be the cause. Handling them one
at a time finds it: a worker that dies while handling a single event died of that event. Isolation
keeps everybody else waiting, so its time is limited; an event that kills its worker only after
that time is caught by the longer isolation of its next attempt.
"""

from __future__ import annotations

from bot.backoff import Backoff
from bot.delivery.retry import HANDLING_LIMIT

FIRST = 10.0
"""Seconds of isolation after the first interruption: longer than nearly every answer takes."""


def seconds_alone(interrupted: int) -> float:
    """Return the seconds of isolation, by how often the event was interrupted.

    >>> [seconds_alone(times) for times in (0, 1, 2, 5, 6, 99)]
    [0.0, 10.0, 20.0, 160.0, 300.0, 300.0]
    """
    return Backoff(FIRST, HANDLING_LIMIT).delay(interrupted)


PAUSE = 2.0
"""Seconds to delay an event after a worker died while handling it alone: others are served
meanwhile, and processes that are killed right after their start do not all pick it up first."""
