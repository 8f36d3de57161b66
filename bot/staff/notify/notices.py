"""Sends stored notices, again until they are taken; a restart loses none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from bot.conversations.key import platform_of
from bot.ports import Alerts, Clock
from bot.privacy.pseudonyms import masked
from bot.staff.notify.notice import Notice, Notifies, Undelivered
from bot.staff.quoting import beginning
from bot.staff.teams import Teams
from bot.storage.engine import Database
from bot.storage.notices import (
    FAILED,
    SENT,
    StoredNotice,
    due_notices,
    end_notice,
    put_off,
    take_notice,
)

MOST = 12
"""Attempts, over about an hour."""

FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=10)
"""Time until the second attempt, which doubles, and the longest."""

ALERT = "notices"

Ended = Callable[[Connection, StoredNotice, str], None]
"""Is called with what has become of a notice, in the transaction that records it."""

log = structlog.get_logger(__name__)


class Notices:
    """Sends what is due.

    Args:
        database: Where notices are stored.
        ways: That config gives, by name.
        teams: For their titles.
        alerts: Told while a way takes nothing.
        clock: The time.
        include_text: Tell what the customer asked.
    """

    def __init__(
        self,
        database: Database,
        ways: Mapping[str, Notifies],
        teams: Teams,
        alerts: Alerts,
        clock: Clock,
        *,
        include_text: bool,
    ) -> None:
        self.ways = ways
        self._database = database
        self._teams = teams
        self._alerts = alerts
        self._clock = clock
        self._include_text = include_text

    async def send_due(self, ended: Ended) -> None:
        """Send what is due; each by one process alone."""
        if not self.ways:
            return
        due = partial(due_notices, ways=list(self.ways), now=self._clock.now())
        for number in await self._database.query(due):
            taking = partial(take_notice, number=number, now=self._clock.now(), again=LONGEST)
            if (taken := await self._database.write(taking)) is not None:
                await self._send(taken, ended)

    async def _send(self, taken: StoredNotice, ended: Ended) -> None:
        kind = f"{ALERT} by {taken.way}"
        try:
            await self.ways[taken.way].notify(self._notice(taken))
        except Undelivered as error:
            log.warning("notice not taken", way=taken.way, case=taken.case, reason=str(error))
            if taken.attempts >= MOST:
                await self._database.write(partial(_end, taken=taken, state=FAILED, ended=ended))
            else:
                delay = min(FIRST * 2 ** (taken.attempts - 1), LONGEST)
                due = self._clock.now() + delay
                await self._database.write(partial(put_off, number=taken.id, due_at=due))
            await self._alerts.alert(
                kind,
                f"staff cannot be called by {taken.way} about cases that nobody claims: {error}. "
                "`frontdesk cases` lists them.",
            )
            return
        await self._database.write(partial(_end, taken=taken, state=SENT, ended=ended))
        await self._alerts.clear(kind)

    def _notice(self, taken: StoredNotice) -> Notice:
        return Notice(
            f"case-{taken.case}-{taken.step}",
            taken.case,
            self._teams.named(taken.team).title,
            taken.trigger,
            taken.opened_at,
            platform_of(taken.conversation),
            masked(beginning(taken.text)) if self._include_text else "",
        )


def _end(connection: Connection, *, taken: StoredNotice, state: str, ended: Ended) -> None:
    if end_notice(connection, taken.id, state):
        ended(connection, taken, state)
