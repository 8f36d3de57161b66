"""How long an event that was in hand when a worker died is handled with nothing else in hand.

Of what was in hand when a process dies, one event may be the cause, and the others were its
neighbours. Handled one at a time they tell which one it is: whoever dies with a single event in
hand died of it. That keeps everybody else waiting, so it lasts for a while only; an event that
kills its worker later than that is caught by the longer while of its next attempt.
"""

from __future__ import annotations

from bot.delivery.retry import HANDLING_LIMIT

FIRST = 10.0
"""Seconds alone after the first interruption: longer than nearly every answer takes."""


def seconds_alone(interrupted: int) -> float:
    """Return how long an event is alone in hand, by how often it was interrupted.

    >>> [seconds_alone(times) for times in (0, 1, 2, 5, 6, 99)]
    [0.0, 10.0, 20.0, 160.0, 300.0, 300.0]
    """
    if not interrupted:
        return 0.0
    return min(FIRST * 2.0 ** min(interrupted - 1, 30), HANDLING_LIMIT)


PAUSE = 2.0
"""Seconds that an event waits after a worker died with it alone in hand: others are served
meanwhile, and processes that are killed from outside right after their start do not all meet it."""
