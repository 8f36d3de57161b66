"""Ends a process whose event loop is blocked, when nothing else can abort a message.

The loop itself enforces `HANDLING_LIMIT`, as long as it runs. It cannot interrupt code that never
yields, so the process exits, with the traceback of every thread on standard error. The service
manager restarts it; interrupted messages are then handled one at a time, and one that blocks the
loop a second time becomes a dead letter.
"""

from __future__ import annotations

import faulthandler
import sys

from bot.delivery.retry import HANDLING_LIMIT
from bot.ports import Clock


class Watchdog:
    """Runs alongside a service.

    The timer is faulthandler's, which needs neither the loop nor Python's global lock: it even
    fires in the middle of a regular expression. The process ends with exit code 1.
    """

    name = "watchdog"

    def __init__(self, clock: Clock, *, limit: float = HANDLING_LIMIT) -> None:
        self._clock = clock
        self._limit = limit

    async def run(self) -> None:
        """Reset the timer periodically until cancelled."""
        if sys.__stderr__ is None:  # nowhere to write the traceback
            return
        try:
            while True:
                faulthandler.dump_traceback_later(self._limit, exit=True, file=sys.__stderr__)
                await self._clock.sleep(self._limit / 20)
        finally:
            faulthandler.cancel_dump_traceback_later()
