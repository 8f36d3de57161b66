"""How many cases of customers are open and wait, for metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, func, select

from bot.ownership import Owner
from bot.ports import Clock
from bot.storage.case_threads import ON_PEOPLE
from bot.storage.engine import Database
from bot.storage.tables import cases, conversation_states


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Cases of customers at a moment.

    Attributes:
        open: Cases that are not closed.
        waiting: Those of them that nobody has taken.
        oldest: Seconds since the first of these was opened; 0.0 when there is none.
    """

    open: int
    waiting: int
    oldest: float


class CaseFigures:
    """The counts of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def read(self) -> CaseCounts:
        """Count."""
        return await self._database.query(partial(_counted, now=self._clock.now()))


def _counted(connection: Connection, now: datetime) -> CaseCounts:
    still_open = (cases.c.closed_at.is_(None), cases.c.kind.in_(ON_PEOPLE))
    opened = connection.scalar(select(func.count()).where(*still_open)) or 0
    state = conversation_states
    query = (
        select(func.count(), func.min(cases.c.opened_at))
        .join(state, state.c.conversation == cases.c.conversation)
        .where(*still_open, state.c.owner == str(Owner.WAITING))
    )
    waiting, since = connection.execute(query).one()
    return CaseCounts(opened, waiting, max(0.0, (now - since).total_seconds()) if since else 0.0)
