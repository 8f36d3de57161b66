"""Watchdogs that alert staff: backlog, dead letters, limited platforms, a read-only database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog

from bot.errors import StorageError
from bot.ports import Adapter, Alerts, Clock, HasLimitations, Inbox
from bot.storage.cases import CaseKind, Cases
from bot.storage.probe import WriteProbe, WriteResult

log = structlog.get_logger(__name__)

INTERVAL = 30.0
"""Seconds between two checks."""

LONGEST_WAIT = 300.0
"""Seconds that the oldest message may wait before staff are alerted."""

_FAILURES: Final[tuple[tuple[CaseKind, str, str], ...]] = (
    ("given_up", "given up", "Messages that could not be answered"),
    ("undelivered", "undelivered", "Lines and notices that did not reach their conversation"),
)
"""Kinds of cases that staff are told of, the alert of each, and what it says."""


class Watchdog:
    """Checks backlog, dead letters and platforms alongside a service, until it is cancelled."""

    name = "watch"

    def __init__(
        self,
        inbox: Inbox,
        cases: Cases,
        alerts: Alerts,
        clock: Clock,
        adapters: Sequence[Adapter] = (),
    ) -> None:
        self._inbox = inbox
        self._cases = cases
        self._alerts = alerts
        self._clock = clock
        self._limited = {each.name: each for each in adapters if isinstance(each, HasLimitations)}

    async def run(self) -> None:
        """Check periodically."""
        while True:
            await self._clock.sleep(INTERVAL)
            try:
                await self._look_at_queue()
                await self._look_at_cases()
                await self._look_at_platforms()
            except StorageError as error:
                log.warning("watchdog check failed", reason=str(error))

    async def _look_at_queue(self) -> None:
        backlog = await self._inbox.backlog()
        if backlog.oldest_age < LONGEST_WAIT:
            await self._alerts.clear("queue")
            return
        minutes = int(backlog.oldest_age // 60)
        await self._alerts.alert(
            "queue",
            f"{backlog.depth} messages wait for an answer, the oldest for {minutes} minutes: "
            "a platform or the GPT server may be unavailable, or the machine too slow; see the "
            "log.",
        )

    async def _look_at_cases(self) -> None:
        for kind, alert, what in _FAILURES:
            failed = await self._cases.count(kind)
            if not failed:
                await self._alerts.clear(alert)
                continue
            await self._alerts.alert(
                alert,
                f"{what}: {failed}. `frontdesk cases` lists them with the reasons; "
                "`frontdesk cases --close-all` when they are dealt with.",
            )

    async def _look_at_platforms(self) -> None:
        for name, adapter in self._limited.items():
            limitations = adapter.limitations
            if limitations:
                await self._alerts.alert(f"limited {name}", f"{name}: {' '.join(limitations)}")
            elif limitations is not None:
                await self._alerts.clear(f"limited {name}")


class WriteWatch:
    """Alerts staff when the database refuses writes: no message can be accepted then."""

    name = "write watch"

    def __init__(self, probe: WriteProbe, alerts: Alerts | None, clock: Clock) -> None:
        self._probe = probe
        self._alerts = alerts
        self._clock = clock
        self._over = False

    async def run(self) -> None:
        """Check periodically."""
        while True:
            await self._look()
            await self._clock.sleep(INTERVAL)

    async def _look(self) -> None:
        writing = await self._probe.look()
        if self._alerts is None or writing is WriteResult.SLOW:
            return
        if writing is WriteResult.WORKS:
            if not self._over:
                await self._alerts.clear("database")
            self._over = True
            return
        self._over = False
        await self._alerts.alert(
            "database",
            "The database refuses writes, so no message is accepted or answered. "
            f"{self._probe.reason}",
        )
