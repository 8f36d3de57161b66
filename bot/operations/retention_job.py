"""Deletes data older than `retention:` allows, every hour."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.config.sections import RetentionConfig
from bot.errors import StorageError
from bot.ports import Clock
from bot.storage.buttons import LIFETIME
from bot.storage.engine import Database
from bot.storage.retention import KINDS, prune

log = structlog.get_logger(__name__)

INTERVAL = 3600.0
"""Seconds between two runs."""

FIRST = 60.0
"""Seconds until the first run, so that it does not slow down the start."""


def limits(retention: RetentionConfig, now: datetime) -> dict[str, datetime]:
    """Return the time before which each kind of data is deleted; kinds kept for ever have none.

    >>> from datetime import UTC
    >>> limits(RetentionConfig(transcripts=0, audit=1), datetime(2026, 1, 2, tzinfo=UTC))["audit"]
    datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    ages: dict[str, timedelta] = {
        name: timedelta(days=days) for name in KINDS if (days := getattr(retention, name, 0))
    }
    ages["choices"] = min(LIFETIME, ages.get("transcripts", LIFETIME))  # they quote transcripts
    return {name: now - age for name, age in ages.items()}


class RetentionJob:
    """Runs alongside a service until it is cancelled."""

    name = "housekeeping"

    def __init__(self, database: Database, retention: RetentionConfig, clock: Clock) -> None:
        self._database = database
        self._retention = retention
        self._clock = clock

    async def run(self) -> None:
        """Delete old data periodically."""
        await self._clock.sleep(FIRST)
        while True:
            await self._round()
            await self._clock.sleep(INTERVAL)

    async def _round(self) -> None:
        try:
            deleted = await prune(self._database, limits(self._retention, self._clock.now()))
        except StorageError as error:
            log.warning("old data not deleted", reason=str(error))
        else:
            if any(deleted.values()):
                log.info("old data deleted", **deleted)
