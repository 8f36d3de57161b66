"""SQL of the inbox, shared by both databases; every function runs in the caller's transaction.

A claim's token is a fencing token: each change names it, and a change whose token was replaced by
a later claim writes nothing and raises `ClaimLost`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, delete, func, select, update

from bot.conversations.state import ConversationState
from bot.delivery.codec import decode, encode
from bot.errors import ClaimLost, StateChanged
from bot.messages import Addressing, Event, Pressed
from bot.ports import Backlog, Claim, EventOutcome
from bot.storage.cases import open_case
from bot.storage.conversation_states import compare_and_set, hold_state
from bot.storage.dialect import Prepared, insert
from bot.storage.outbox import enqueue
from bot.storage.tables import accepted, conversation_states, dead_letters, events
from bot.storage.transcripts import record

_DIRECT = {Addressing.DIRECT, Addressing.MENTION, Addressing.AMBIENT}
"""Those after which the bot may take part; ambient ones come from support channels alone."""

_ACCEPT = Prepared(
    accepted, lambda fresh: fresh.on_conflict_do_nothing().returning(accepted.c.event)
)
_STORE = Prepared(events, lambda fresh: fresh.returning(events.c.id, events.c.seq))
_TAKE = (
    update(events)
    .where(events.c.seq.in_(bindparam("numbers", expanding=True)))
    .values(token=bindparam("new_token"), attempt=events.c.attempt + 1)
    .returning(
        events.c.seq,
        events.c.payload,
        events.c.attempt,
        events.c.posted,
        events.c.interrupted,
        events.c.interrupted_alone,
        events.c.failures,
        events.c.posting,
        events.c.conversation,
        events.c.lane,
    )
)
_VERSIONS = select(conversation_states.c.conversation, conversation_states.c.version).where(
    conversation_states.c.conversation.in_(bindparam("conversations", expanding=True))
)
_CLAIMED = (events.c.id == bindparam("claimed"), events.c.token == bindparam("claim_token"))
_REMEMBER = update(events).where(*_CLAIMED).values(posted=bindparam("posted_ids"))
_RESERVE = update(events).where(*_CLAIMED).values(posting=True)
_END = delete(events).where(*_CLAIMED)


def put(
    connection: Connection, coming: Sequence[tuple[Event, str]], *, now: datetime
) -> list[int | None]:
    """Store events, each with its lane.

    Returns:
        The number of each, or None for one that is already stored.
    """
    first: dict[str, tuple[Event, str]] = {}
    for event, lane in coming:
        first.setdefault(event.message.id, (event, lane))
    # The same order in all processes, so that they cannot deadlock.
    ids = [{"event": identity, "at": now} for identity in sorted(first)]
    fresh = set(connection.scalars(_ACCEPT.on(connection), ids))
    rows = [_row(*each, now) for identity, each in first.items() if identity in fresh]
    stored = connection.execute(_STORE.on(connection), rows).all() if rows else ()
    numbers: dict[str, int] = dict(tuple(row) for row in stored)
    return [numbers.pop(event.message.id, None) for event, _lane in coming]


def take(connection: Connection, numbers: Sequence[int], *, token: str) -> dict[int, Claim]:
    """Claim events by their numbers; those that are there no more are left out."""
    rows = connection.execute(_TAKE, {"numbers": numbers, "new_token": token}).all()
    versions = _versions(connection, {row.conversation for row in rows})
    return {
        row.seq: Claim(
            decode(row.payload),
            row.attempt,
            tuple(row.posted),
            token,
            row.interrupted,
            row.interrupted_alone,
            row.failures,
            versions.get(row.conversation, 0),
            row.posting,
            row.lane or row.conversation,
        )
        for row in rows
    }


def reserve(connection: Connection, claim: Claim) -> None:
    """Store that a post is being made for a claim.

    The state of the conversation stays as it is meanwhile: whoever changes it comes before, and
    nothing is posted, or after, and finds the post begun.

    Raises:
        StateChanged: The conversation has another version than when the event was claimed.
        ClaimLost: The event was taken over.
    """
    key = claim.event.message.conversation
    hold_state(connection, key)
    if _versions(connection, {key}).get(key, 0) != claim.version:
        raise StateChanged(f"{key} has changed since version {claim.version}")
    _all_ours(connection.execute(_RESERVE, _named(claim)).rowcount, [claim])


def _versions(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    """Return the versions of conversations that have a state of their own."""
    rows = connection.execute(_VERSIONS, {"conversations": sorted(keys)})
    return dict(tuple(row) for row in rows)


def interrupt(connection: Connection, numbers: Sequence[int], *, alone: bool) -> None:
    """Release events whose worker died or stalled, and count the interruption.

    Args:
        connection: In a transaction.
        numbers: The events that it was handling.
        alone: It was handling a single event.
    """
    lost = (
        update(events)
        .where(events.c.seq.in_(numbers))
        .values(
            token=None,
            interrupted=events.c.interrupted + 1,
            interrupted_alone=events.c.interrupted_alone + int(alone),
        )
    )
    connection.execute(lost)


def interrupt_all(connection: Connection, *, now: datetime, pause: float) -> int:
    """Release all claimed events of the only worker; return how many there were.

    Args:
        connection: In a transaction.
        now: The time.
        pause: Seconds to delay the event if it was the only one.
    """
    numbers = connection.scalars(select(events.c.seq).where(events.c.token.is_not(None))).all()
    interrupt(connection, numbers, alone=len(numbers) == 1)
    if len(numbers) == 1:
        due_at = now + timedelta(seconds=pause)
        connection.execute(update(events).where(events.c.seq == numbers[0]).values(due_at=due_at))
    return len(numbers)


def checkpoint(connection: Connection, notes: Sequence[tuple[Claim, Sequence[str]]]) -> None:
    """Store the platform ids that were posted for claims."""
    rows = [_named(claim) | {"posted_ids": list(posted)} for claim, posted in notes]
    changed = connection.execute(_REMEMBER, rows).rowcount
    _all_ours(changed, [claim for claim, _ in notes])


def finish(
    connection: Connection, done: Sequence[tuple[Claim, EventOutcome]], *, now: datetime
) -> None:
    """Remove claimed events and record their outcomes."""
    removed = connection.execute(_END, [_named(claim) for claim, _ in done]).rowcount
    _all_ours(removed, [claim for claim, _ in done])
    for state in sorted((outcome.state for _, outcome in done if outcome.state), key=_key):
        compare_and_set(connection, state, at=now)
    for _, outcome in done:
        if outcome.outgoing:
            enqueue(connection, outcome.outgoing, now=now)
    record(connection, [(claim.event, outcome) for claim, outcome in done], now)


def _key(state: ConversationState) -> str:
    """Order changes the same way in all processes, so that they cannot deadlock."""
    return state.key


def put_back(
    connection: Connection, claim: Claim, *, reason: str, due_at: datetime, ended: bool
) -> None:
    """Release a claimed event.

    Args:
        connection: In a transaction.
        claim: The event.
        reason: What failed, for operators; empty when nothing failed.
        due_at: When it may be claimed again.
        ended: The attempt ran to its end, so the event did not make a worker die.
    """
    free = update(events).where(*_CLAIMED).values(token=None, reason=reason, due_at=due_at)
    if reason:
        free = free.values(failures=events.c.failures + 1)
    if ended:
        free = free.values(interrupted=0, interrupted_alone=0)
    _all_ours(connection.execute(free, _named(claim)).rowcount, [claim])


def dead_letter(connection: Connection, claim: Claim, *, reason: str, now: datetime) -> None:
    """Move a claimed event to the dead letters."""
    row = _remove(connection, claim)
    letter = insert(connection, dead_letters).values(
        id=row.id,
        conversation=row.conversation,
        payload=row.payload,
        attempts=row.attempt,
        reason=reason,
        accepted_at=row.accepted_at,
        buried_at=now,
    )
    connection.execute(letter.on_conflict_do_nothing())
    open_case(connection, claim.event.message, "given_up", note=reason, at=now)


def waiting(connection: Connection) -> Sequence[Row[int, str, datetime, int]]:
    """Return number, lane, due time and interruptions of every event, oldest first."""
    lane = case((events.c.lane == "", events.c.conversation), else_=events.c.lane)
    rows = select(events.c.seq, lane.label("lane"), events.c.due_at, events.c.interrupted).order_by(
        events.c.seq
    )
    return connection.execute(rows).all()


def backlog(connection: Connection, *, now: datetime) -> Backlog:
    """Return the number of events in the inbox and the age of the oldest."""
    depth = connection.execute(select(func.count()).select_from(events)).scalar_one()
    oldest = select(events.c.accepted_at).order_by(events.c.seq).limit(1)
    accepted_at = connection.execute(oldest).scalar_one_or_none()
    age = 0.0 if accepted_at is None else max(0.0, (now - accepted_at).total_seconds())
    return Backlog(depth, age)


def _row(event: Event, lane: str, now: datetime) -> dict[str, Any]:
    """Return the row of a new event."""
    message = event.message
    return {
        "id": message.id,
        "conversation": message.conversation,
        "lane": "" if lane == message.conversation else lane,
        "direct": not message.apart
        and (isinstance(event, Pressed) or message.addressing in _DIRECT),
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


def _named(claim: Claim) -> dict[str, Any]:
    return {"claimed": claim.event.message.id, "claim_token": claim.token}


def _all_ours(changed: int, claims: Sequence[Claim]) -> None:
    """Check that a change applied to every claim.

    Raises:
        ClaimLost: It did not: at least one of them was taken over.
    """
    if changed != len(claims):
        raise _lost(claims[0])


def _remove(connection: Connection, claim: Claim) -> Row[Any]:
    row = connection.execute(_END.returning(*events.c), _named(claim)).one_or_none()
    if row is None:
        raise _lost(claim)
    return row


def _lost(claim: Claim) -> ClaimLost:
    return ClaimLost(f"{claim.event.message.id} was taken over by another worker")
