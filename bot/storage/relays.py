"""Lines that cross between customers and case threads: which post each became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, select

from bot.storage.dialect import insert
from bot.storage.tables import relays

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


def _relay(connection: Connection, condition: ColumnElement[bool]) -> Relay | None:
    row = connection.execute(select(relays).where(condition)).first()
    if row is None:
        return None
    return Relay(row.case, row.direction, row.source, row.post, row.author, row.customer)
