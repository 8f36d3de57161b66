"""Posts of the outbox that are the bot's own words to customers, and when they are not made.

Lines that people wrote, and posts for the eyes of staff, are none of them: neither a pause nor a
colleague's take-over stops those.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.conversations.key import channel_of
from bot.ownership import Owner
from bot.storage.conversation_states import hold_state
from bot.storage.tables import conversation_states, outbox, pauses, relays

_QUEUED = "queued"

TAKEN_OVER = "a person has the conversation"
PAUSED = "the bot is paused there"


def not_to_be_made(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """Return those of some posts that the bot must not make now, with the reason.

    What may stand on the platform already is seen to its end. The states of conversations stay as
    they are until the transaction ends.
    """
    own = _own(connection, rows)
    if not own:
        return {}
    places = set(connection.scalars(select(pauses.c.place)))
    for key in sorted({row.conversation for row in own}):
        hold_state(connection, key)
    found: dict[int, str] = {}
    for row in own:
        if not places.isdisjoint({"", channel_of(row.conversation)}):
            found[row.id] = PAUSED
        elif _was_taken_over(connection, row):
            found[row.id] = TAKEN_OVER
    return found


def is_persons(connection: Connection, number: int, target: int) -> bool:
    """Return whether a post carries what a person wrote to a customer, or changes such a post."""
    relayed = select(relays.c.id).where(
        relays.c.post.in_((number, target) if target else (number,)),
        relays.c.direction == "to_customer",
    )
    return connection.execute(relayed.limit(1)).first() is not None


def _own(connection: Connection, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Return those of some queued posts that are the bot's own words to customers."""
    ours = [row for row in rows if row.state == _QUEUED and not row.case and row.kind != "mark"]
    if not ours:
        return []
    said = select(outbox.c.id, outbox.c.payload).where(outbox.c.id.in_([row.id for row in ours]))
    for_staff = {each.id for each in connection.execute(said) if each.payload.get("case_buttons")}
    return [
        row
        for row in ours
        if row.id not in for_staff and not is_persons(connection, row.id, row.target)
    ]


def _was_taken_over(connection: Connection, row: Row[Any]) -> bool:
    """Return whether a person has got the conversation since a post was stored.

    What is stored while they have it comes from what they do, and is made.
    """
    table = conversation_states
    query = select(table.c.owner, table.c.changed_at).where(
        table.c.conversation == row.conversation
    )
    state = connection.execute(query).one_or_none()
    return state is not None and state.owner == Owner.HUMAN and row.queued_at < state.changed_at
