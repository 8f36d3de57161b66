"""Quick lines of one person are one question: which events are claimed together, and as what.

The events of a conversation wait in a row. The first of them is claimed together with those that
directly follow it and belong to it. Once a post of the answer was begun, the group stays as it
is: whatever comes later has an answer of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select, update

from bot.delivery.codec import decode
from bot.messages import Addressing, Event, Message, Received
from bot.storage.tables import events
from bot.text.greeting import is_greeting

QUICK = timedelta(seconds=60)
"""Longest time between two lines of one question."""

LONGEST = 2_000
"""Characters of a question; further lines are the next question, so that none is cut off."""

MOST = 20
"""Lines of a question."""

_COLUMNS = (
    events.c.seq,
    events.c.id,
    events.c.conversation,
    events.c.lane,
    events.c.payload,
    events.c.posting,
    events.c.covered_by,
)
_HEADS = select(*_COLUMNS).where(events.c.seq.in_(bindparam("numbers", expanding=True)))
_CROWDED = (
    select(events.c.conversation)
    .where(events.c.conversation.in_(bindparam("conversations", expanding=True)))
    .where(events.c.lane == "")
    .group_by(events.c.conversation)
    .having(func.count() > 1)
)
_FOLLOWING = (
    select(*_COLUMNS)
    .where(events.c.conversation == bindparam("in_conversation"), events.c.lane == "")
    .where(events.c.seq > bindparam("after"))
    .order_by(events.c.seq)
    .limit(MOST)
)
_COVER = (
    update(events)
    .where(events.c.seq == bindparam("number"))
    .values(covered_by=bindparam("answered_by"))
)
_SPOKEN_TO = {Addressing.DIRECT, Addressing.MENTION, Addressing.THREAD}


@dataclass(frozen=True, slots=True)
class Group:
    """Events that are claimed together.

    Attributes:
        head: Number of the first one, which waits for its turn.
        numbers: Of all, the oldest first; the answer has the id of the last one.
    """

    head: int
    numbers: tuple[int, ...]

    @property
    def lead(self) -> int:
        """Number of the event whose id the answer has."""
        return self.numbers[-1]


def joins(earlier: Event, later: Event) -> bool:
    """Return whether a line goes on with the question of the line before it."""
    if not (_may_join(earlier) and _may_join(later)):
        return False
    if earlier.message.author.key != later.message.author.key:
        return False
    return abs(later.message.sent_at - earlier.message.sent_at) <= QUICK


def goes_on(lines: Sequence[Event], later: Event) -> bool:
    """Return whether a line goes on with a question that has some lines already."""
    length = sum(len(line.message.text) for line in (*lines, later))
    return len(lines) < MOST and length <= LONGEST and joins(lines[-1], later)


def groups_of(connection: Connection, numbers: Sequence[int]) -> list[Group]:
    """Find what is to be claimed together with some events, and store it.

    Args:
        connection: In a transaction.
        numbers: Of the events whose turn it is; those that are there no more are left out.
    """
    heads = _rows(connection, _HEADS, {"numbers": numbers})
    places = sorted({row.conversation for row in heads if not row.lane})
    crowded = set(connection.scalars(_CROWDED, {"conversations": places})) if places else set()
    groups, changes = [], []
    for head in heads:
        rows = [head]
        if head.conversation in crowded and not head.lane:
            wanted = {"in_conversation": head.conversation, "after": head.seq}
            rows += _following(head, _rows(connection, _FOLLOWING, wanted))
        groups.append(Group(head.seq, tuple(row.seq for row in rows)))
        changes += _changes(rows)
    if changes:
        connection.execute(_COVER, changes)
    return groups


def merged(lines: Sequence[Message], lead: Message) -> Received:
    """Return the question that some lines ask together; a greeting before it is no part of it.

    Args:
        lines: Those that still stand, the oldest first; at least one.
        lead: The message whose id and revision the answer has.
    """
    latest = lines[-1]
    said = [line for line in lines if line.text]
    asked = [line for line in said if not is_greeting(line.text)] or said
    addressed = {line.addressing for line in lines}
    spoken = [each for each in (Addressing.DIRECT, Addressing.MENTION) if each in addressed]
    return Received(
        replace(
            latest,
            id=lead.id,
            revision=lead.revision,
            text="\n".join(line.text for line in asked),
            attachments=tuple(file for line in lines for file in line.attachments),
            addressing=spoken[0] if spoken else latest.addressing,
        )
    )


def group_members(lead: str, conversation: str) -> Any:  # noqa: ANN401 - a condition of SQL
    """Return the condition that selects the events of a group."""
    return (events.c.conversation == conversation) & or_(
        events.c.id == lead, events.c.covered_by == lead
    )


def leads_of(connection: Connection, numbers: Collection[int]) -> set[tuple[str, str]]:
    """Return conversation and lead of the groups that some events belong to."""
    query = select(events.c.conversation, events.c.id, events.c.covered_by)
    rows = connection.execute(query.where(events.c.seq.in_(numbers)))
    return {(row.conversation, row.covered_by or row.id) for row in rows}


def _rows(connection: Connection, query: Select[Any], values: Mapping[str, Any]) -> list[Row[Any]]:
    return list(connection.execute(query, values))


def _may_join(event: Event) -> bool:
    """Return whether an event can be a part of a question: no command, nothing of staff."""
    message = event.message
    return (
        isinstance(event, Received)
        and message.addressing in _SPOKEN_TO
        and not message.author.staff
        and not message.text.startswith("/")
    )


def _following(head: Row[Any], rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Return the rows that are claimed together with a head."""
    if head.posting:
        lead = head.covered_by or head.id
        return [row for row in rows if row.covered_by == lead or row.id == lead]
    told = [decode(head.payload)]
    for row in rows:
        event = decode(row.payload)
        if row.posting or not goes_on(told, event):
            break
        told.append(event)
    return list(rows[: len(told) - 1])


def _changes(rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Return who is answered under whose id, where that is not stored yet."""
    lead = rows[-1]
    wanted = [(row, lead.id if row is not lead else "") for row in rows]
    return [{"number": row.seq, "answered_by": by} for row, by in wanted if row.covered_by != by]
