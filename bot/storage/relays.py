"""Lines that cross between customers and case threads: which post each became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from bot.conversations.key import ConversationKey
from bot.storage.case_threads import touch_conversation
from bot.storage.dialect import insert
from bot.storage.tables import messages, relays

Direction = Literal["to_customer", "to_staff"]


@dataclass(frozen=True, slots=True)
class Relay:
    """One line that crosses.

    Attributes:
        case: Number of the case.
        source: Id of the message as it was written; of an act of staff, its own id.
        post: Number of the post that it became.
        author: Key of who wrote it.
        customer: Key of the customer whose case it is.
    """

    case: int
    direction: Direction
    source: str
    post: int
    author: str
    customer: str


def add_relay(connection: Connection, relay: Relay, *, at: datetime) -> bool:
    """Store a line in the transaction of its post; False: it was stored before."""
    values = {
        "case": relay.case,
        "direction": relay.direction,
        "source": relay.source,
        "post": relay.post,
        "author": relay.author,
        "customer": relay.customer,
        "at": at,
    }
    fresh = insert(connection, relays).values(**values).on_conflict_do_nothing()
    return connection.execute(fresh.returning(relays.c.id)).first() is not None


def relay_of(connection: Connection, source: str, direction: Direction) -> Relay | None:
    """Return how a line crossed; None: it did not."""
    same = (relays.c.source == source) & (relays.c.direction == direction)
    return _relay(connection, same)


def relay_of_post(connection: Connection, post: int) -> Relay | None:
    """Return the line that a post of the outbox carries; None: none."""
    return _relay(connection, relays.c.post == post)


def relays_of(connection: Connection, case: int, direction: Direction) -> Sequence[Relay]:
    """Return the lines of a case that cross in one direction, the oldest first."""
    query = select(relays).where(relays.c.case == case, relays.c.direction == direction)
    return [_read(row) for row in connection.execute(query.order_by(relays.c.id))]


def carried_by(connection: Connection, relay: Relay, post: int) -> bool:
    """Let another post carry a line; False: it is no longer the post that was known."""
    same = (relays.c.source == relay.source) & (relays.c.direction == relay.direction)
    change = update(relays).where(same, relays.c.post == relay.post)
    return bool(connection.execute(change.values(post=post)).rowcount)


def transcript_id(conversation: str, source: str) -> str:
    """Return the id that a line of staff has in the transcript of the customer's conversation.

    >>> transcript_id("chat:A1:D1", "chat:A1:C9:1700000000.000100")
    'chat:A1:D1:relay:chat/A1/C9/1700000000.000100'
    """
    return str(ConversationKey.parse(conversation).message(source.replace(":", "/"), "relay"))


def keep_sent(
    connection: Connection, case: Row[Any], relay: Relay, text: str, at: datetime
) -> None:
    """Put what staff send into the transcript of the customer's conversation."""
    touch_conversation(connection, case.conversation, at=at, spoken=True)
    row = {
        "conversation": case.conversation,
        "event": transcript_id(case.conversation, relay.source),
        "role": "staff",
        "author": relay.author,
        "text": text,
        "private": False,
        "at": at,
    }
    connection.execute(insert(connection, messages).values(**row).on_conflict_do_nothing())


def change_sent(connection: Connection, conversation: str, source: str, text: str | None) -> None:
    """Let what staff sent say something else in the transcript, or leave it."""
    entry = messages.c.event == transcript_id(conversation, source)
    if text is None:
        connection.execute(delete(messages).where(entry))
    else:
        connection.execute(update(messages).where(entry).values(text=text))


def _relay(connection: Connection, condition: ColumnElement[bool]) -> Relay | None:
    row = connection.execute(select(relays).where(condition)).first()
    return None if row is None else _read(row)


def _read(row: Row[Any]) -> Relay:
    return Relay(row.case, row.direction, row.source, row.post, row.author, row.customer)
