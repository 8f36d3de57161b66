"""SQL of accepting events: each is stored once, edits and deletions where the message waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.delivery.codec import encode
from bot.delivery.waiting_changes import amend_waiting, is_stored, supersede_joined, waits
from bot.messages import Addressing, Deleted, Edited, Event, Pressed
from bot.storage.cases import case_of_thread
from bot.storage.dialect import Prepared
from bot.storage.tables import accepted, events

_DIRECT = {Addressing.DIRECT, Addressing.MENTION, Addressing.AMBIENT}
"""Those after which the bot may take part; ambient ones come from support channels alone."""


_ACCEPT = Prepared(
    accepted, lambda fresh: fresh.on_conflict_do_nothing().returning(accepted.c.event)
)
_STORE = Prepared(events, lambda fresh: fresh.returning(events.c.id, events.c.seq))
_DROPPED = select(events.c.id).where(
    events.c.conversation.in_(bindparam("places", expanding=True)),
    events.c.superseded,
    events.c.covered_by == "",
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What has come of events that were accepted together.

    Attributes:
        numbers: The number of each that is to be handled; None for one that is not.
        fresh: Whether each was new.
        superseded: Ids of claims that are to be dropped.
    """

    numbers: tuple[int | None, ...]
    fresh: tuple[bool, ...]
    superseded: tuple[str, ...] = ()


def put(connection: Connection, coming: Sequence[tuple[Event, str]], *, now: datetime) -> Stored:
    """Store events, each with its lane; apply edits and deletions of messages that still wait."""
    first: dict[str, tuple[Event, str]] = {}
    for event, lane in coming:
        first.setdefault(event.message.id, (event, lane))
    # The same order in all processes, so that they cannot deadlock.
    ids = [{"event": identity, "at": now} for identity in sorted(first)]
    fresh = set(connection.scalars(_ACCEPT.on(connection), ids))
    new = [each for identity, each in first.items() if identity in fresh]
    rows = [_row(*each, now) for each in new if not isinstance(each[0], Edited | Deleted)]
    stored = list(connection.execute(_STORE.on(connection), rows).all()) if rows else []
    for event, lane in new:
        if isinstance(event, Edited | Deleted):
            if _waits_for_its_turn(connection, event, now):
                row = _row(event, lane, now)
                stored += connection.execute(_STORE.on(connection), [row]).all()
        elif lane == event.message.conversation:
            supersede_joined(connection, event)
    numbers: dict[str, int] = dict(tuple(row) for row in stored)
    places = sorted({event.message.conversation for event, _ in new})
    return Stored(
        tuple(numbers.pop(event.message.id, None) for event, _lane in coming),
        tuple(_first_of(fresh, event) for event, _lane in coming),
        tuple(connection.scalars(_DROPPED, {"places": places})) if places else (),
    )


def _first_of(fresh: set[str], event: Event) -> bool:
    """Return whether an event is new; its copies in the same batch are not."""
    if event.message.id not in fresh:
        return False
    fresh.remove(event.message.id)
    return True


def _waits_for_its_turn(connection: Connection, event: Edited | Deleted, now: datetime) -> bool:
    """Apply a change to a message that waits; return whether it is to be handled later instead.

    What a line in a case thread said first decides whether it goes to the customer: its edit is
    handled after it.
    """
    if isinstance(event, Edited) and case_of_thread(connection, event.message.conversation):
        return waits(connection, event.original) or is_stored(connection, event.original)
    if amend_waiting(connection, event):
        return False
    if is_stored(connection, event.original):
        return True
    if isinstance(event, Deleted):  # it may come yet
        connection.execute(_ACCEPT.on(connection), [{"event": event.original, "at": now}])
    return False


def _row(event: Event, lane: str, now: datetime) -> dict[str, Any]:
    """Return the row of a new event."""
    message = event.message
    return {
        "id": message.id,
        "conversation": message.conversation,
        "lane": "" if lane == message.conversation else lane,
        "direct": _is_direct(event),
        "payload": encode(event),
        "accepted_at": now,
        "due_at": now,
        "attempt": 0,
        "interrupted": 0,
        "interrupted_alone": 0,
        "failures": 0,
        "posted": [],
        "reason": "",
    }


def _is_direct(event: Event) -> bool:
    """Return whether an event lets the bot speak where it came from."""
    if isinstance(event, Edited | Deleted) or event.message.apart:
        return False
    return isinstance(event, Pressed) or event.message.addressing in _DIRECT
