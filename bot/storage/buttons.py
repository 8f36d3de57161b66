"""Stored meanings of buttons."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, select, update

from bot.batching import MicroBatcher
from bot.conversations.key import AuthorKey
from bot.messages import Button, Choice, Message
from bot.ports import Clock
from bot.ports.conversations import Pressing
from bot.storage.dialect import Prepared
from bot.storage.engine import Database
from bot.storage.tables import choices, events, messages

LIFETIME = timedelta(days=30)
"""How long a button works; later presses are answered with the text `expired`."""

AT_ONCE = 100
"""Maximum number of offers stored in one statement."""

_OFFER = Prepared(
    choices,
    lambda fresh: fresh.on_conflict_do_update(
        index_elements=["id"],
        set_={
            column.name: fresh.excluded[column.name] for column in choices.c if column.name != "id"
        },
    ),
)


class StoredButtons:
    """The `Buttons` of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._offering = MicroBatcher(self._keep, largest=AT_ONCE)

    async def offer(
        self,
        message_id: str,
        choices: Sequence[tuple[str, Choice]],
        *,
        first: int = 0,
        revision: int = 0,
    ) -> tuple[Button, ...]:
        """Store label and meaning of each button offered in reply to a message.

        An offer repeated after an interrupted attempt replaces the first.
        """
        buttons = tuple(
            Button(
                button_id(message_id, position, revision),
                label,
                opens=choice.opens,
                listed=choice.listed,
            )
            for position, (label, choice) in enumerate(choices, start=first)
        )
        await self._offering(
            [
                self._row(message_id, button, choice)
                for button, (_, choice) in zip(buttons, choices, strict=True)
            ]
        )
        return buttons

    async def choice(self, button: str) -> Choice | None:
        """Return a button's meaning; None when it is unknown or expired."""
        query = select(
            choices.c.kind, choices.c.value, choices.c.question, choices.c.language
        ).where(
            choices.c.id == button,
            choices.c.offered_at > self._clock.now() - LIFETIME,
        )
        row = await self._database.query(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else Choice(*row)

    async def pressing(self, button: str, press: Message) -> Pressing:
        """Return who pressed a button; the first press is stored."""
        return await self._database.write(partial(_pressing, button=button, press=press))

    async def is_offered_to(self, button: str, person: str) -> bool:
        """Return whether a button was offered to somebody; a press is not noted."""
        owner = await self._database.query(partial(_owner, button=button))
        if owner is None:
            return False
        return AuthorKey.parse(owner).is_same_person(AuthorKey.parse(person))

    async def _keep(self, offers: Sequence[Sequence[dict[str, Any]]]) -> Sequence[None]:
        """Store the buttons of several offers; of equal ids the last one wins."""
        rows = {row["id"]: row for offer in offers for row in offer}
        if rows:
            await self._database.write(
                lambda connection: _keep(connection, [rows[identity] for identity in sorted(rows)])
            )
        return [None] * len(offers)

    def _row(self, message_id: str, button: Button, choice: Choice) -> dict[str, Any]:
        return {
            "id": button.id,
            "message": message_id,
            "label": button.label,
            "kind": choice.kind,
            "value": choice.value,
            "question": choice.question,
            "language": choice.language,
            "offered_at": self._clock.now(),
        }


def _keep(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    connection.execute(_OFFER.on(connection), rows)


def _pressing(connection: Connection, *, button: str, press: Message) -> Pressing:
    owner = _owner(connection, button)
    if owner is None:
        return "unknown"
    if not AuthorKey.parse(owner).is_same_person(AuthorKey.parse(press.author.key)):
        return "stranger"
    first = (
        update(choices)
        .where(choices.c.id == button, choices.c.pressed.in_(("", press.id)))
        .values(pressed=press.id)
    )
    return "first" if connection.execute(first).rowcount else "again"


def _owner(connection: Connection, button: str) -> str | None:
    """Return whom a button was offered to: the author of the message that was answered."""
    recorded = select(messages.c.author).where(
        messages.c.event == choices.c.message, messages.c.role == "customer"
    )
    # an offer in another place than its question can be pressed before the answer is recorded
    coming = select(events.c.payload["message", "author", "key"].as_string()).where(
        events.c.id == choices.c.message
    )
    for owner in (recorded, coming):
        found = connection.scalar(owner.where(choices.c.id == button))
        if found is not None:
            return str(found)
    return None


def button_id(message_id: str, position: int, revision: int = 0) -> str:
    """Return the opaque id of the nth button offered in answer to a message.

    The same message and position give the same id, so that an answer that is made again after a
    crash offers the same buttons. An answer to the message as its author changed it has others.

    >>> button_id("chat:A1:C1:1700000000.000100", 0)
    'b_92e79c18903d7d94'
    """
    revised = f"#{revision}" if revision else ""
    digest = hashlib.sha256(f"{message_id}#{position}{revised}".encode()).hexdigest()
    return f"b_{digest[:16]}"
