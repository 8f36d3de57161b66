"""SQL of claiming events: quick lines of one person are claimed together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from bot.delivery.bursts import groups_of, merged
from bot.delivery.codec import decode
from bot.messages import Deleted, Edited
from bot.ports import Claim
from bot.storage.amendments import standing_of
from bot.storage.tables import conversation_states, events

_TAKE = (
    update(events)
    .where(events.c.seq.in_(bindparam("numbers", expanding=True)))
    .values(token=bindparam("new_token"), attempt=events.c.attempt + 1, superseded=False)
    .returning(*events.c)
)
_VERSIONS = select(conversation_states.c.conversation, conversation_states.c.version).where(
    conversation_states.c.conversation.in_(bindparam("conversations", expanding=True))
)


def take(connection: Connection, numbers: Sequence[int], *, token: str) -> dict[int, Claim]:
    """Claim events by their numbers; those that are there no more are left out."""
    groups = groups_of(connection, numbers)
    every = [number for group in groups for number in group.numbers]
    taken = connection.execute(_TAKE, {"numbers": every, "new_token": token}).all()
    rows = {row.seq: row for row in taken}
    versions = versions_of(connection, {row.conversation for row in taken})
    claims = {}
    for group in groups:
        members = [rows[number] for number in group.numbers if number in rows]
        if members:
            version = versions.get(members[0].conversation, 0)
            claims[group.head] = _claim(connection, members, version)
    return claims


def _claim(connection: Connection, rows: Sequence[Row[Any]], version: int) -> Claim:
    """Return the claim on the events of one group."""
    lead = rows[-1]
    lines = [row for row in rows if not row.withdrawn]
    said = [decode(row.payload) for row in lines]
    own = decode(lead.payload)
    event = merged([each.message for each in said], own.message) if len(rows) > 1 and said else own
    claim = Claim(
        event,
        max(row.attempt for row in rows),
        tuple(lead.posted),
        lead.token,
        max(row.interrupted for row in rows),
        max(row.interrupted_alone for row in rows),
        max(row.failures for row in rows),
        version,
        lead.posting,
        lead.lane or lead.conversation,
        row=lead.id,
        rows=len(rows),
        covers=tuple(each.message for each in said) if len(rows) > 1 else (),
        withdrawn=not lines,
    )
    if isinstance(event, Edited | Deleted):
        return _with_standing(connection, claim, event)
    return claim


def _with_standing(connection: Connection, claim: Claim, event: Edited | Deleted) -> Claim:
    """Return a claim with what is stored of the message that was changed.

    Where its answer stands is kept with the claim, so that what is posted and taken back from
    now on is known to a later attempt.
    """
    standing = standing_of(connection, event.original)
    if standing is None or claim.begun:
        return replace(claim, standing=standing)
    row = update(events).where(events.c.id == claim.id)
    connection.execute(row.values(posted=list(standing.posted)))
    return replace(claim, standing=standing, posted=standing.posted)


def versions_of(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """Return the versions of conversations that have a state of their own."""
    rows = connection.execute(_VERSIONS, {"conversations": sorted(keys)})
    return dict(tuple(row) for row in rows)
