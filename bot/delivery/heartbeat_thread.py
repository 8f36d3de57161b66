"""Signs of life from a thread, while the event loop is busy with one slow message."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from bot.errors import StorageError

log = structlog.get_logger(__name__)


class StandIn:
    """Beats in the place of an event loop that does not turn, for a while.

    A slow message keeps the loop from giving signs of life; that alone is no reason to take this
    process for dead. One that stays stuck longer than that is not at work any more: the signs end,
    and others take over what it has in hand.
    """

    def __init__(
        self,
        beat: Callable[[], None],
        behind: Callable[[], float],
        *,
        interval: float,
        longest: float,
    ) -> None:
        """Prepare.

        Args:
            beat: Gives one sign of life; called from the thread.
            behind: Returns the seconds since the loop has last turned.
            interval: Seconds between two looks.
            longest: Seconds behind after which the loop is left to its fate.
        """
        self._beat = beat
        self._behind = behind
        self._interval = interval
        self._longest = longest
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stand-in", daemon=True)

    def start(self) -> None:
        """Look from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a beat that is under way ends by itself."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            behind = self._behind()
            if behind < self._interval:
                continue
            if behind > self._longest:
                log.error("the event loop is stuck: others take over", seconds=round(behind, 1))
                continue
            try:
                self._beat()
            except StorageError as error:
                log.warning("no sign of life", reason=str(error))
