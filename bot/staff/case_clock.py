"""The clock of cases: a background job that does what is due, in any number of processes.

Each process looks at what is stored; what is due is looked at again in the transaction that does
it, so that a step that comes late, twice or after a restart does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, Row, Text, cast, exists, func, literal, select

from bot.errors import StorageError
from bot.ports import Alerts, Clock, Wording
from bot.staff.case_steps import ACTOR, CaseSteps
from bot.staff.notify import Notices
from bot.storage.case_threads import ON_PEOPLE, language_of
from bot.storage.engine import Database
from bot.storage.surveys import ask, to_be_asked
from bot.storage.tables import cases, outbox

INTERVAL = 5.0
"""Seconds between two looks."""

TOLD_WITHIN = timedelta(hours=6)
"""How long after a step its customer is still told of it."""

log = structlog.get_logger(__name__)


class CaseClock:
    """Does what is due for cases.

    Args:
        database: Shared by all processes.
        clock: The time.
        steps: What is done.
        notices: Call staff outside the platforms.
        alerts: Told of cases that nobody claims.
        wording: What customers are asked at the end.
        csat: Customers are asked how they were helped.
        wake: Called once something new is in the outbox.
    """

    name = "case clock"

    def __init__(
        self,
        database: Database,
        clock: Clock,
        steps: CaseSteps,
        notices: Notices,
        alerts: Alerts,
        wording: Wording,
        *,
        csat: bool,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._steps = steps
        self._notices = notices
        self._alerts = alerts
        self._wording = wording
        self._csat = csat
        self._wake = wake

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self._clock.sleep(INTERVAL)
            try:
                await self.look()
            except StorageError as error:
                log.warning("cases not looked at", reason=str(error))

    async def look(self) -> None:
        """Do what is due now.

        Raises:
            StorageError: The database is away; what was done stays done.
        """
        done = False
        now = self._clock.now()
        for case in await self._database.query(_open_cases):
            if self._steps.due(case, now) is not None:
                taking = partial(self._steps.take, number=case.id, now=now)
                done |= await self._database.write(taking) is not None
        for number in await self._database.query(partial(_untold, since=now - TOLD_WITHIN)):
            done |= await self._database.write(partial(self._steps.told, number=number, now=now))
        await self._notices.send_due(partial(self._steps.noticed, now=now))
        done |= await self._ask_customers()
        await self._alert()
        if done:
            self._wake()

    async def _ask_customers(self) -> bool:
        """Ask customers how they were helped."""
        if not self._csat:
            return False
        asked, now = False, self._clock.now()
        for case in await self._database.query(partial(to_be_asked, now=now)):
            asked |= await self._database.write(partial(self._ask, case=case))
        return asked

    def _ask(self, connection: Connection, *, case: Row[Any]) -> bool:
        language = language_of(connection, case.conversation) or self._steps.language
        text = self._wording.say("rate_help", language)
        return ask(connection, case, text=text, language=language, at=self._clock.now())

    async def _alert(self) -> None:
        """Alert staff of cases that nobody is left to ask about, as long as there are any."""
        count = await self._database.query(_exhausted)
        if not count:
            await self._alerts.clear("unclaimed")
            return
        await self._alerts.alert(
            "unclaimed",
            f"Cases that nobody claims, with nobody left to ask: {count}. "
            "`frontdesk cases` lists them.",
        )


def _open_cases(connection: Connection) -> Sequence[Row[Any]]:
    query = select(cases).where(cases.c.closed_at.is_(None), cases.c.kind.in_(ON_PEOPLE))
    return connection.execute(query.order_by(cases.c.id)).all()


def _untold(connection: Connection, *, since: object) -> Sequence[int]:
    """Return the cases whose next team has been told, and whose customer has not."""
    told = exists().where(
        outbox.c.case == 0,
        outbox.c.cause
        == literal(f"{ACTOR}:") + cast(cases.c.id, Text) + ":" + cast(cases.c.steps, Text),
    )
    query = select(cases.c.id).where(
        cases.c.closed_at.is_(None),
        cases.c.kind.in_(ON_PEOPLE),
        cases.c.assignee == "",
        cases.c.exhausted_at.is_(None),
        cases.c.told_at.is_not(None),
        cases.c.steps > 0,
        cases.c.stepped_at >= since,
        ~told,
    )
    return connection.scalars(query).all()


def _exhausted(connection: Connection) -> int:
    query = select(func.count()).where(
        cases.c.closed_at.is_(None), cases.c.assignee == "", cases.c.exhausted_at.is_not(None)
    )
    return connection.scalar(query) or 0
