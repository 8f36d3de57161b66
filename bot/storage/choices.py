"""What the buttons of an offer mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, select

from bot.messages import Button, Choice, button_id
from bot.ports import Clock
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import choices

LIFETIME = timedelta(days=30)
"""How long a button works; a press after that is told that the offer has expired."""


class StoredChoices:
    """The `Choices` of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def offer(
        self, message_id: str, choices: Sequence[tuple[str, Choice]]
    ) -> tuple[Button, ...]:
        """Keep label and meaning of each button offered in answer to a message.

        An offer that is made again, after an attempt that was interrupted, replaces the first.
        """
        buttons = tuple(
            Button(button_id(message_id, position), label)
            for position, (label, _) in enumerate(choices)
        )
        kept = list(zip(buttons, (choice for _, choice in choices), strict=True))

        def keep(connection: Connection) -> None:
            for button, choice in kept:
                self._keep(connection, message_id, button, choice)

        await self._database.write(keep)
        return buttons

    async def choice(self, button: str) -> Choice | None:
        """Return what a button means, or None when it is unknown or has expired."""
        query = select(
            choices.c.kind, choices.c.value, choices.c.question, choices.c.language
        ).where(
            choices.c.id == button,
            choices.c.offered_at > self._clock.now() - LIFETIME,
        )
        row = await self._database.query(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else Choice(*row)

    def _keep(
        self, connection: Connection, message_id: str, button: Button, choice: Choice
    ) -> None:
        row = {
            "message": message_id,
            "label": button.label,
            "kind": choice.kind,
            "value": choice.value,
            "question": choice.question,
            "language": choice.language,
            "offered_at": self._clock.now(),
        }
        fresh = insert(connection, choices).values(id=button.id, **row)
        connection.execute(fresh.on_conflict_do_update(index_elements=["id"], set_=row))
