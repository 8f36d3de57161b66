"""What a person was answered last in a conversation, with the buttons under it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from bot.messages import ASIDE, Button, Choice, DecisionKind
from bot.ports import Clock
from bot.ports.conversations import LastAnswer, OfferedButton
from bot.storage.buttons import LIFETIME, button_id
from bot.storage.engine import Database
from bot.storage.moves import end_of_human, remembered_since
from bot.storage.tables import choices, decisions, messages

MOST_BUTTONS = 10
"""Buttons under an answer that can be typed; there are hardly ever more than four."""

_LOOKED_BACK = 10
"""Messages of a conversation among whose answers a pressed button is looked for."""


_BY_PRESS = frozenset({DecisionKind.INTENT, DecisionKind.HANDOFF})
"""What a press can bring without naming an intent in its decision."""


class StoredLastAnswers:
    """The `LastAnswers` of a database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def last_answer(
        self, conversation: str, author: str, *, without: str = ""
    ) -> LastAnswer | None:
        """Return what a person was answered last; None for nothing, or when staff wrote since."""
        return await self._database.query(lambda it: self._last(it, conversation, author, without))

    def _last(
        self, connection: Connection, conversation: str, author: str, without: str
    ) -> LastAnswer | None:
        own = and_(
            messages.c.role == "customer",
            messages.c.author == author,
            messages.c.event != without,
            decisions.c.kind.not_in(ASIDE),  # such as a command
        )
        latest = (
            select(messages.c.event, messages.c.role, messages.c.revision)
            .add_columns(decisions.c.kind, decisions.c.intents)
            .join_from(messages, decisions, decisions.c.message == messages.c.event)
            .where(messages.c.conversation == conversation, or_(own, messages.c.role == "staff"))
            .where(remembered_since(end_of_human(connection, conversation)))
            .order_by(messages.c.id.desc())
            .limit(1)
        )
        found = connection.execute(latest).one_or_none()
        if found is None or found.role == "staff":
            return None
        kind = DecisionKind(found.kind)
        intent = found.intents[0]["name"] if found.intents else ""
        if not intent and kind in _BY_PRESS:
            intent = _pressed(connection, conversation, found.event)
        return LastAnswer(found.event, kind, intent, self._offered(connection, found))

    def _offered(self, connection: Connection, answered: Row[Any]) -> tuple[OfferedButton, ...]:
        """Return the buttons under an answer that have not expired, in their order."""
        ids = _buttons(answered.event, answered.revision)
        alive = choices.c.offered_at > self._clock.now() - LIFETIME
        # what is typed under products is read by what recommends them
        alive &= choices.c.kind != "product"
        rows = {
            row.id: row
            for row in connection.execute(select(choices).where(choices.c.id.in_(ids), alive))
        }
        return tuple(
            OfferedButton(
                Button(row.id, row.label),
                Choice(row.kind, row.value, row.question, row.language),
            )
            for row in (rows[each] for each in ids if each in rows)
        )


def _buttons(message: str, revision: int) -> list[str]:
    """Return the ids that buttons under the answer to a message can have."""
    return [button_id(message, position, revision) for position in range(MOST_BUTTONS)]


def _pressed(connection: Connection, conversation: str, press: str) -> str:
    """Return the intent of the button that was pressed; the decision about a press names none."""
    recent = (
        select(messages.c.event, messages.c.revision)
        .where(messages.c.conversation == conversation, messages.c.role == "customer")
        .order_by(messages.c.id.desc())
        .limit(_LOOKED_BACK)
    )
    ids = [each for row in connection.execute(recent) for each in _buttons(*row)]
    value = connection.scalar(
        select(choices.c.value).where(choices.c.id.in_(ids), choices.c.pressed == press).limit(1)
    )
    return value or ""
