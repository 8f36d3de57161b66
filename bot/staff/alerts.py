"""What staff must know: posted to their channels once, not every second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection, delete

from bot.errors import AdapterError, ServiceUnavailable, StorageError
from bot.ports import Alerts, CanNotify, Clock
from bot.staff.quoting import fit_for_staff
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import alerts

log = structlog.get_logger(__name__)

AGAIN = timedelta(hours=6)
"""After so long staff are reminded of what is not over."""


class StaffAlerts:
    """The `Alerts` of a desk.

    What has been told is in the database: neither a restart nor a second process repeats it. While
    the database takes no writes, each process remembers by itself what it has told.

    Args:
        database: Shared by all processes of the desk.
        clock: For reminders.
        channels: Where staff read: the channel's id, and who can post there, by platform.
    """

    def __init__(
        self, database: Database, clock: Clock, channels: Mapping[str, tuple[CanNotify, str]]
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._told: dict[str, datetime] = {}

    async def tell(self, kind: str, text: str) -> None:
        """Tell staff, unless they have been told of this kind and it is not over."""
        now = self._clock.now()
        told = self._told.get(kind)
        if told is not None and now < told + AGAIN:
            return
        try:
            if not await self._database.write(partial(_take_turn, kind=kind, now=now)):
                return
        except StorageError as error:
            log.warning("alert not stored", kind=kind, reason=str(error))
            self._told[kind] = now
        log.warning("alert", kind=kind, reason=text)
        if not await self._announced(text):
            await self.clear(kind)  # the next occasion tries again

    async def clear(self, kind: str) -> None:
        """Note that something is over: when it comes again, staff are told again."""
        self._told.pop(kind, None)
        try:
            await self._database.write(partial(_clear, kind=kind))
        except StorageError as error:
            log.warning("alert not cleared", kind=kind, reason=str(error))

    async def _announced(self, text: str) -> bool:
        """Post to every channel; tell whether any took it, or there is none to post to."""
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
    """`Alerts` that keep nobody waiting: another one's are run beside, in their order.

    For whoever notices something while a customer waits: a staff channel may be slow, and cost
    the customer nothing. What has not been told when the service ends is told on the next occasion.
    """

    name = "alerts"

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts
        self._waiting: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()

    async def tell(self, kind: str, text: str) -> None:
        """Have staff told, unless they have been told of this kind and it is not over."""
        self._waiting.put_nowait(partial(self._alerts.tell, kind, text))

    async def clear(self, kind: str) -> None:
        """Have it noted that something is over."""
        self._waiting.put_nowait(partial(self._alerts.clear, kind))

    async def run(self) -> None:
        """Run errands until cancelled."""
        while True:
            errand = await self._waiting.get()
            await errand()


def _take_turn(connection: Connection, *, kind: str, now: datetime) -> bool:
    """Note that staff are being told now; False when they have been told not long ago."""
    fresh = insert(connection, alerts).values(kind=kind, told_at=now)
    turn = fresh.on_conflict_do_update(
        index_elements=["kind"], set_={"told_at": now}, where=alerts.c.told_at <= now - AGAIN
    )
    return connection.execute(turn.returning(alerts.c.kind)).one_or_none() is not None


def _clear(connection: Connection, *, kind: str) -> None:
    connection.execute(delete(alerts).where(alerts.c.kind == kind))
