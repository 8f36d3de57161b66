"""Alerts staff when many customers of the last week were frustrated."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import structlog

from bot.errors import StorageError
from bot.ports import Alerts, Clock
from bot.storage.analytics import count_feelings
from bot.storage.engine import Database

log = structlog.get_logger(__name__)

INTERVAL = 3600.0
"""Seconds between two looks."""

WEEK = timedelta(days=7)

ENOUGH = 50
"""Messages of a week whose feeling was read; with fewer, a handful of people decide the share."""


class FrustrationWatch:
    """Compares the share of frustrated messages with a limit, until it is cancelled.

    Args:
        database: With decisions.
        alerts: To staff.
        clock: The time.
        limit: Share in (0, 1) that may be frustrated.
    """

    name = "frustration watch"

    def __init__(self, database: Database, alerts: Alerts, clock: Clock, limit: float) -> None:
        self._database = database
        self._alerts = alerts
        self._clock = clock
        self._limit = limit

    async def run(self) -> None:
        """Look periodically."""
        while True:
            await self._clock.sleep(INTERVAL)
            try:
                await self._look()
            except StorageError as error:
                log.warning("feelings not counted", reason=str(error))

    async def _look(self) -> None:
        now = self._clock.now()
        count = partial(count_feelings, since=now - WEEK, until=now)
        async with self._database.read() as connection:
            found = await connection.run_sync(count)
        if found.read < ENOUGH or found.frustrated <= self._limit * found.read:
            await self._alerts.clear("frustrated")
            return
        share = found.frustrated / found.read
        await self._alerts.alert(
            "frustrated",
            f"{found.frustrated} of {found.read} messages of the last 7 days ({share:.0%}) were "
            f"frustrated, more than `stats.alert_frustrated` ({self._limit:.0%}) allows. "
            "`frontdesk stats --days 7` shows about what.",
        )
