"""Customers' questions with their predicted intents, for labelling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.storage.engine import Database
from bot.storage.tables import choices, decisions, messages


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A message of a customer.

    Attributes:
        understood: The most likely intent.
    """

    text: str
    understood: str


async def asked(database: Database, *, since: datetime) -> list[AskedQuestion]:
    """Return the classified messages since a moment, oldest first.

    What chose a button, such as "the second one", says nothing about its intent and is left out.
    """
    ranked = (
        select(messages.c.text, decisions.c.intents)
        .join(decisions, decisions.c.message == messages.c.event)
        .where(
            messages.c.role == "customer",
            messages.c.at >= since,
            messages.c.event.not_in(select(choices.c.pressed)),
        )
        .order_by(messages.c.id)
    )

    def look(connection: Connection) -> list[AskedQuestion]:
        return [
            AskedQuestion(text, intents[0]["name"])
            for text, intents in connection.execute(ranked)
            if intents
        ]

    return await database.query(look)
