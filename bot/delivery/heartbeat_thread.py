"""Sends heartbeats from a thread while the event loop is blocked by one slow message."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from bot.errors import StorageError

log = structlog.get_logger(__name__)


class StandIn:
    """Sends heartbeats on behalf of a blocked event loop, for a limited time.

    A slow message keeps the loop from sending heartbeats; that alone does not make the process
    dead. A loop that stays blocked for longer counts as stuck: the heartbeats end, and other
    workers reclaim its jobs.
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
            beat: Sends one heartbeat; called from the thread.
            behind: Returns the seconds since the loop last ran.
            interval: Seconds between two checks.
            longest: Seconds behind after which no more heartbeats are sent.
        """
        self._beat = beat
        self._behind = behind
        self._interval = interval
        self._longest = longest
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stand-in", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a heartbeat in progress completes."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            behind = self._behind()
            if behind < self._interval:
                continue
            if behind > self._longest:
                log.error("event loop stuck: other workers take over", seconds=round(behind, 1))
                continue
            try:
                self._beat()
            except StorageError as error:
                log.warning("heartbeat failed", reason=str(error))
