"""Retry policy of the worker, by type of error."""

from __future__ import annotations

from bot.backoff import Backoff
from bot.errors import AccessLost, AdapterError, ServiceUnavailable, StorageError, WorkerLost

LONGEST_DELAY = 300.0
"""Maximum seconds between two attempts: how soon a conversation continues after an outage."""

BACKOFF = Backoff(first=1.0, longest=LONGEST_DELAY)
"""Delays between the attempts at one event."""

OUTAGE_ATTEMPTS = 60
"""Attempts while a platform or the database is unavailable: more than four hours with `BACKOFF`."""

ACCESS_ATTEMPTS = 2000
"""Attempts while a token is invalid: almost a week for an admin to replace it."""

FAULT_ATTEMPTS = 4
"""Attempts for any other error: retrying rarely fixes a bug, and the conversation waits."""

DEATHS = 2
"""Times that a worker may die or stall while handling a single event, before that event becomes a
dead letter. Deaths while handling several events never count."""

HAND_BACK = 3.0
"""Seconds that a stop allows for releasing claims, after its grace."""

APOLOGY = 30.0
"""Seconds allowed for notifying the customer of a dead letter."""

HANDLING_LIMIT = 300.0
"""Seconds after which an attempt is cancelled, since its conversation waits."""


def next_delay(error: Exception, failures: int) -> float | None:
    """Return the seconds until the next attempt; None when the event becomes a dead letter.

    No jitter: however many conversations wait, a worker handles only a few at a time.

    Args:
        error: What went wrong.
        failures: Attempts that ended in an error, including this one. Attempts interrupted by a
            restart do not count.

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
    return BACKOFF.delay(failures)


def _attempts(error: Exception) -> int:
    """Return the maximum number of attempts for an error."""
    match error:
        case AccessLost():
            return ACCESS_ATTEMPTS
        case AdapterError() | WorkerLost():
            return 1
        case ServiceUnavailable() | StorageError():
            return OUTAGE_ATTEMPTS
    return FAULT_ATTEMPTS
