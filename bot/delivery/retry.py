"""How long to go on trying, by what went wrong."""

from __future__ import annotations

from bot.errors import AccessLost, AdapterError, ServiceUnavailable, StorageError, WorkerLost

LONGEST_DELAY = 300.0
"""Seconds between two attempts at most: how soon a conversation goes on after an outage."""

OUTAGE_ATTEMPTS = 60
"""Attempts while a platform or the database is away: at the delays below, more than four hours."""

ACCESS_ATTEMPTS = 2000
"""Attempts while a token is not valid: almost a week for an admin to put a new one."""

FAULT_ATTEMPTS = 4
"""Attempts when something else fails: a bug rarely heals, and the conversation waits."""

DEATHS = 2
"""Times that a worker may die or stall with nothing but one event in hand: what is in company
when that happens is never set aside."""

HANDLING_LIMIT = 300.0
"""Seconds after which an attempt is given up, whatever hangs: its conversation waits."""


def next_delay(error: Exception, failures: int) -> float | None:
    """Return the seconds until the next attempt, or None to give the event up.

    No jitter: however many conversations wait, a worker takes up only a few at once.

    Args:
        error: What went wrong.
        failures: Attempts that ended in an error, this one included. Those that a restart
            interrupted are not the event's fault, and count for nothing.

    >>> from bot.errors import AdapterError, ServiceUnavailable
    >>> [next_delay(ServiceUnavailable("away"), failures) for failures in (1, 2, 9, 60)]
    [1.0, 2.0, 256.0, None]
    >>> next_delay(AdapterError("no permission"), 1) is None
    True
    >>> next_delay(AccessLost("the token was revoked"), 60)
    300.0
    """
    if failures >= _attempts(error):
        return None
    return min(2.0 ** min(failures - 1, 30), LONGEST_DELAY)


def _attempts(error: Exception) -> int:
    """Return how many attempts an error is worth."""
    match error:
        case AccessLost():
            return ACCESS_ATTEMPTS
        case AdapterError() | WorkerLost():
            return 1
        case ServiceUnavailable() | StorageError():
            return OUTAGE_ATTEMPTS
    return FAULT_ATTEMPTS
