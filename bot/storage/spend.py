"""The stored log of expenses for the model provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true

from bot.conversations.key import channel_of
from bot.ports import Clock, Expense, Scope
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import spend


class StoredSpend:
    """The `Ledger` of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def record(self, expense: Expense) -> None:
        """Store an expense."""
        row = asdict(expense) | {"at": self._clock.now(), "channel": channel_of(expense.message)}
        await self._database.write(
            lambda connection: connection.execute(insert(connection, spend).values(row))
        )

    async def spent(self, scopes: Sequence[Scope], *, since: datetime) -> Sequence[float]:
        """Return the amount spent since a moment, for each scope; in one query."""
        columns = [
            func.coalesce(func.sum(spend.c.cost).filter(_within(scope)), 0.0) for scope in scopes
        ]
        query = select(*columns).where(spend.c.at >= since)
        return await self._database.query(lambda connection: [*connection.execute(query).one()])


def _within(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that selects the expenses of a scope."""
    for column, value in (
        (spend.c.author, scope.author),
        (spend.c.conversation, scope.conversation),
        (spend.c.channel, scope.channel),
    ):
        if value:
            return column == value
    return true()
