"""Edits and deletions of messages that are not answered yet: stored where the message waits.

What is being answered is superseded: its worker drops the answer and claims the message again.
"""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, exists, select, update

from bot.delivery.bursts import MOST, goes_on, group_members
from bot.delivery.codec import decode, encode
from bot.messages import Deleted, Edited, Event
from bot.storage.tables import dead_letters, events, messages


def amend_waiting(connection: Connection, event: Edited | Deleted) -> bool:
    """Apply a change to a message that waits, or is being answered.

    Args:
        connection: In a transaction.
        event: The edit or the deletion.

    Returns:
        False when the message does not wait: it was answered, or never stored.
    """
    query = select(events).where(events.c.id == event.original)
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        return False
    payload = _changed(event, row.payload)
    if isinstance(event, Edited) and (row.withdrawn or not _is_news(event, row.payload)):
        return True
    withdrawn = isinstance(event, Deleted)
    changed = update(events).where(events.c.seq == row.seq)
    connection.execute(changed.values(payload=payload, withdrawn=row.withdrawn or withdrawn))
    _supersede(connection, row)
    return True


def supersede_joined(connection: Connection, event: Event) -> None:
    """Supersede the claim on the line that a new one goes on with, unless it is being posted.

    Args:
        connection: In the transaction that has stored the new line.
        event: The new line.
    """
    message = event.message
    place = (events.c.conversation == message.conversation) & (events.c.lane == "")
    in_hand = place & events.c.token.is_not(None) & ~events.c.posting
    before = select(events.c.payload, events.c.token).where(place, events.c.id != message.id)
    rows = connection.execute(before.order_by(events.c.seq.desc()).limit(MOST))
    told = [decode(row.payload) for row in takewhile(lambda row: row.token is not None, rows)][::-1]
    if told and goes_on(told, event):
        connection.execute(update(events).where(in_hand).values(superseded=True))


def is_joined_later(connection: Connection, lead: str, conversation: str) -> bool:
    """Return whether a line has come that goes on with a question whose answer is being made."""
    place = (events.c.conversation == conversation) & (events.c.lane == "")
    own = select(events.c.seq, events.c.payload).where(group_members(lead, conversation))
    lines = connection.execute(own.order_by(events.c.seq)).all()
    if not lines:
        return False
    later = select(events.c.payload).where(place, events.c.seq > lines[-1].seq)
    row = connection.execute(later.order_by(events.c.seq).limit(1)).one_or_none()
    told = [decode(line.payload) for line in lines]
    return row is not None and goes_on(told, decode(row.payload))


def waits(connection: Connection, message_id: str) -> bool:
    """Return whether a message waits, or is being answered."""
    return bool(connection.scalar(select(exists().where(events.c.id == message_id))))


def is_stored(connection: Connection, message_id: str) -> bool:
    """Return whether a message was handled before and is still known, or was given up."""
    answered = exists().where(messages.c.event == message_id)
    given_up = exists().where(dead_letters.c.id == message_id)
    return bool(connection.scalar(select(answered | given_up)))


def _is_news(event: Edited, payload: dict[str, Any]) -> bool:
    """Return whether an edit says something else than the message, and is later than its last."""
    known = decode(payload).message
    if known.edited_at is not None and known.edited_at >= event.edited_at:
        return False
    said = event.message
    return (said.text, said.attachments) != (known.text, known.attachments)


def _changed(event: Edited | Deleted, payload: dict[str, Any]) -> dict[str, Any]:
    """Return the payload of a message as it reads now; that of a deleted one says nothing."""
    message = dict(payload["message"])
    if isinstance(event, Deleted):
        message |= {"text": "", "attachments": []}
    else:
        now = encode(event)["message"]
        message |= {"text": now["text"], "attachments": now["attachments"]}
        message["edited_at"] = event.edited_at.isoformat()
    return {**payload, "message": message}


def _supersede(connection: Connection, row: Row[Any]) -> None:
    """Let whoever answers a message drop the answer; buttons that may stand get other ids."""
    lead = row.covered_by or row.id
    members = group_members(lead, row.conversation)
    connection.execute(
        update(events).where(members, events.c.token.is_not(None)).values(superseded=True)
    )
    if row.posting:
        first = select(events.c.seq, events.c.payload).where(events.c.id == lead)
        lead_row = connection.execute(first).one_or_none()
        if lead_row is not None:
            message = dict(lead_row.payload["message"])
            message["revision"] = message.get("revision", 0) + 1
            payload = {**lead_row.payload, "message": message}
            connection.execute(
                update(events).where(events.c.seq == lead_row.seq).values(payload=payload)
            )
