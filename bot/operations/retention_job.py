"""Keeps to the times that config allows: deletes what is older, hour by hour."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from bot.config.types import RetentionConfig
from bot.errors import StorageError
from bot.ports import Clock
from bot.storage.buttons import LIFETIME
from bot.storage.engine import Database
from bot.storage.retention import KINDS, prune

log = structlog.get_logger(__name__)

INTERVAL = 3600.0
"""Seconds between two rounds."""

FIRST = 60.0
"""Seconds until the first round: a start has better things to do."""


def limits(retention: RetentionConfig, now: datetime) -> dict[str, datetime]:
    """Return the moment before which each kind of data is too old; kinds kept for ever have none.

    >>> from datetime import UTC
    >>> limits(RetentionConfig(transcripts=0, audit=1), datetime(2026, 1, 2, tzinfo=UTC))["audit"]
    datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    ages: dict[str, timedelta] = {
        name: timedelta(days=days) for name in KINDS if (days := getattr(retention, name, 0))
    }
    ages["choices"] = min(LIFETIME, ages.get("transcripts", LIFETIME))  # they quote what was said
    return {name: now - age for name, age in ages.items()}


class RetentionJob:
    """Runs beside a service, until it is cancelled."""

    name = "housekeeping"

    def __init__(self, database: Database, retention: RetentionConfig, clock: Clock) -> None:
        self._database = database
        self._retention = retention
        self._clock = clock

    async def run(self) -> None:
        """Delete what is too old, again and again."""
        await self._clock.sleep(FIRST)
        while True:
            await self._round()
            await self._clock.sleep(INTERVAL)

    async def _round(self) -> None:
        try:
            deleted = await prune(self._database, limits(self._retention, self._clock.now()))
        except StorageError as error:
            log.warning("nothing deleted", reason=str(error))
        else:
            if any(deleted.values()):
                log.info("deleted what is too old", **deleted)
