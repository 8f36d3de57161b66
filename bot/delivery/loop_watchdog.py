"""Ends a process whose event loop has stopped turning: then nothing else can give a message up.

`HANDLING_LIMIT` is kept by the loop itself, as long as it turns. Code that never gives the loop
back is out of its reach, so the process ends, with the traceback of every thread on standard
error. The service manager starts it again; what was in hand is taken up one at a time, and a
message that does it twice is set aside.
"""

from __future__ import annotations

import faulthandler
import sys

from bot.delivery.retry import HANDLING_LIMIT
from bot.ports import Clock


class Watchdog:
    """Runs beside a service.

    The timer is faulthandler's, which needs neither the loop nor Python's global lock: it fires
    in the middle of a regular expression, too. The process ends with exit code 1.
    """

    name = "watchdog"

    def __init__(self, clock: Clock, *, limit: float = HANDLING_LIMIT) -> None:
        self._clock = clock
        self._limit = limit

    async def run(self) -> None:
        """Put the end off, again and again, until cancelled."""
        if sys.__stderr__ is None:  # nobody would read why
            return
        try:
            while True:
                faulthandler.dump_traceback_later(self._limit, exit=True, file=sys.__stderr__)
                await self._clock.sleep(self._limit / 20)
        finally:
            faulthandler.cancel_dump_traceback_later()
