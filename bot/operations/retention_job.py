"""Deletes data older than `retention:` allows, every hour."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.config.sections import RetentionConfig
from bot.errors import ProblemsError, StorageError
from bot.ports import Clock
from bot.storage.buttons import LIFETIME
from bot.storage.engine import Database
from bot.storage.retention import KINDS, prune
from bot.understanding.traffic.learned_file import learned_path
from bot.understanding.traffic.personal import drop_older

log = structlog.get_logger(__name__)

INTERVAL = 3600.0
"""Seconds between two runs."""

FIRST = 60.0
"""Seconds until the first run, so that it does not slow down the start."""


FOLLOWING = {"relays": "cases", "notices": "cases", "surveys": "feedback"}
"""Kinds of data that are kept as long as another one."""

SHORT_LIVED = {"forms": timedelta(days=1), "codes": timedelta(days=7), "proofs": timedelta(0)}
"""Kinds of data that end by themselves: how long after that they are kept. Codes are counted for
limits of a day."""


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
    ages |= SHORT_LIVED
    ages |= {name: ages[kind] for name, kind in FOLLOWING.items() if kind in ages}
    return {name: now - age for name, age in ages.items()}


def prune_learned(model: Path, retention: RetentionConfig, now: datetime) -> int:
    """Delete approved messages that are too old; return how many; blocking.

    Args:
        model: The model folder, which holds them.
        retention: `learned` is their age in days; 0 keeps them for ever.
        now: The time, UTC.

    Raises:
        IntentsError: The file has mistakes, and stays as it is.
        OSError: It cannot be written.
    """
    if not retention.learned:
        return 0
    return drop_older(learned_path(model), (now - timedelta(days=retention.learned)).date())


class RetentionJob:
    """Runs alongside a service until it is cancelled.

    Args:
        database: May be in use by others.
        retention: Ages, by kind.
        clock: Gives the time.
        model: The model folder, which holds approved messages of customers; None: there is none.
    """

    name = "housekeeping"

    def __init__(
        self,
        database: Database,
        retention: RetentionConfig,
        clock: Clock,
        model: Path | None = None,
    ) -> None:
        self._database = database
        self._retention = retention
        self._clock = clock
        self._model = model

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
        if self._model is None:
            return
        try:
            now = self._clock.now()
            learned = await asyncio.to_thread(prune_learned, self._model, self._retention, now)
        except (ProblemsError, OSError) as error:
            log.warning("old approved messages not deleted", reason=str(error))
        else:
            if learned:
                log.info("old approved messages deleted", learned=learned)
