"""Alerts in staff channels: one post per incident, with reminders."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.errors import AdapterError, ServiceUnavailable, StorageError
from bot.ports import Alerts, CanNotify, Clock
from bot.staff.quoting import fit_for_staff
from bot.storage.alerts import clear_turn, take_turn
from bot.storage.engine import Database

log = structlog.get_logger(__name__)

AGAIN = timedelta(hours=6)
"""Time after which staff are reminded of an open alert."""


class StaffAlerts:
    """The `Alerts` of an instance.

    Open alerts are stored in the database: neither a restart nor a second process posts them again.
    While the database accepts no writes, each process remembers its own alerts.

    Args:
        database: Shared by all processes of the instance.
        clock: For reminders.
        channels: Staff channels by platform: the adapter that posts there and the channel's id.
    """

    def __init__(
        self, database: Database, clock: Clock, channels: Mapping[str, tuple[CanNotify, str]]
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._posted: dict[str, datetime] = {}

    async def alert(self, kind: str, text: str) -> None:
        """Alert staff, unless an alert of this kind is open."""
        now = self._clock.now()
        posted_at = self._posted.get(kind)
        if posted_at is not None and now < posted_at + AGAIN:
            return
        try:
            if not await self._database.write(partial(take_turn, kind=kind, now=now, again=AGAIN)):
                return
        except StorageError as error:
            log.warning("alert not stored", kind=kind, reason=str(error))
            self._posted[kind] = now
        log.warning("alert", kind=kind, reason=text)
        if not await self._announced(text):
            await self.clear(kind)  # so that the next occurrence posts again

    async def clear(self, kind: str) -> None:
        """Close an alert: the next one of this kind is posted again."""
        self._posted.pop(kind, None)
        try:
            await self._database.write(partial(clear_turn, kind=kind))
        except StorageError as error:
            log.warning("alert not cleared", kind=kind, reason=str(error))

    async def _announced(self, text: str) -> bool:
        """Post to every channel; return whether one succeeded or there is none."""
        taken = not self._channels
        for platform, (announcer, channel) in self._channels.items():
            try:
                await announcer.notify(channel, f"**Attention:** {fit_for_staff(text)}")
            except (AdapterError, ServiceUnavailable) as error:
                log.warning("alert not posted", platform=platform, reason=str(error))
            else:
                taken = True
        return taken


class QueuedAlerts:
    """`Alerts` that return at once: a background task posts them in order.

    For callers with a waiting customer, whom a slow staff channel must not delay. Alerts still
    queued when the service ends are posted at their next occurrence.
    """

    name = "alerts"

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts
        self._waiting: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()

    async def alert(self, kind: str, text: str) -> None:
        """Queue an alert, posted unless one of this kind is open."""
        self._waiting.put_nowait(partial(self._alerts.alert, kind, text))

    async def clear(self, kind: str) -> None:
        """Queue closing an alert."""
        self._waiting.put_nowait(partial(self._alerts.clear, kind))

    async def run(self) -> None:
        """Process queued alerts until cancelled."""
        while True:
            errand = await self._waiting.get()
            await errand()
