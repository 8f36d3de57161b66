"""SQL of the inbox, shared by both databases; every function runs in the caller's transaction.

A claim's token is a fencing token: each change names it, and a change whose token was replaced by
a later claim writes nothing and raises `ClaimLost`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, delete, func, or_, select, update

from bot.delivery.bursts import group_members, leads_of
from bot.delivery.claiming import versions_of
from bot.delivery.waiting_changes import is_joined_later
from bot.errors import ClaimLost, StateChanged, Superseded
from bot.ports import Backlog, Claim, EventOutcome, StoredChange
from bot.storage.amendments import apply_change, drop_buttons, record_again, say_again
from bot.storage.cases import open_case
from bot.storage.conversation_states import hold_state
from bot.storage.dialect import insert
from bot.storage.forms import change_form
from bot.storage.moves import store_state
from bot.storage.outbox import enqueue
from bot.storage.tables import dead_letters, events
from bot.storage.transcripts import record

_CLAIMED = (
    events.c.conversation == bindparam("claim_conversation"),
    or_(events.c.id == bindparam("claimed"), events.c.covered_by == bindparam("claimed")),
    events.c.token == bindparam("claim_token"),
)
_REMEMBER = update(events).where(*_CLAIMED).values(posted=bindparam("posted_ids"))
_RESERVE = update(events).where(*_CLAIMED, ~events.c.superseded).values(posting=True)
_END = delete(events).where(*_CLAIMED, ~events.c.superseded)
_SUPERSEDED = select(events.c.id).where(*_CLAIMED, events.c.superseded)
_BEGUN = select(events.c.posting).where(*_CLAIMED)


def reserve(connection: Connection, claim: Claim) -> None:
    """Store that a post is being made for a claim.

    The state of the conversation stays as it is meanwhile: whoever changes it comes before, and
    nothing is posted, or after, and finds the post begun.

    Raises:
        StateChanged: The conversation has another version than when the event was claimed.
        Superseded: What the claim answers has changed.
        ClaimLost: The event was taken over.
    """
    key = claim.event.message.conversation
    hold_state(connection, key)
    if versions_of(connection, {key}).get(key, 0) != claim.version:
        raise StateChanged(f"{key} has changed since version {claim.version}")
    begun = connection.scalar(_BEGUN, _named(claim))
    if begun is False and is_joined_later(connection, claim.id, key):
        raise Superseded(f"{claim.id} goes on with a further line")
    changed = connection.execute(_RESERVE, _named(claim)).rowcount
    _all_ours(connection, changed, [claim])


def interrupt(connection: Connection, numbers: Sequence[int], *, alone: bool) -> None:
    """Release events whose worker died or stalled, and count the interruption.

    Args:
        connection: In a transaction.
        numbers: The events that it was handling.
        alone: It was handling a single event.
    """
    for conversation, lead in sorted(leads_of(connection, numbers)):
        lost = (
            update(events)
            .where(group_members(lead, conversation), events.c.token.is_not(None))
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
    leads = leads_of(connection, numbers)
    interrupt(connection, numbers, alone=len(leads) == 1)
    if len(leads) == 1:
        due_at = now + timedelta(seconds=pause)
        alone = events.c.seq.in_(numbers)
        connection.execute(update(events).where(alone).values(due_at=due_at))
    return len(leads)


def checkpoint(connection: Connection, notes: Sequence[tuple[Claim, Sequence[str]]]) -> None:
    """Store the platform ids that were posted for claims."""
    rows = [_named(claim) | {"posted_ids": list(posted)} for claim, posted in notes]
    changed = connection.execute(_REMEMBER, rows).rowcount
    _all_ours(connection, changed, [claim for claim, _ in notes])


def finish(
    connection: Connection, done: Sequence[tuple[Claim, EventOutcome]], *, now: datetime
) -> None:
    """Remove claimed events and record their outcomes."""
    removed = connection.execute(_END, [_named(claim) for claim, _ in done]).rowcount
    _all_ours(connection, removed, [claim for claim, _ in done])
    for claim, outcome in sorted(done, key=_conversation):
        if outcome.form is not None:  # before the state: a move to a person closes all forms
            change_form(connection, outcome.form, at=now)
        if outcome.state is not None:
            cause = claim.event.message
            by = cause.author.key
            store_state(connection, outcome.state, cause=cause.id, at=now, actor=by)
    for _, outcome in done:
        if outcome.outgoing:
            enqueue(connection, outcome.outgoing, now=now)
    for claim, outcome in done:
        revision = claim.event.message.revision
        if claim.standing is not None:
            lines = claim.covers or (claim.event.message,)
            record_again(connection, claim.standing, lines, revision)
            say_again(connection, claim.standing.answer, outcome)
        elif revision:
            drop_buttons(connection, claim.event.message.id, revision - 1)
    record(connection, [(c.event, replace(outcome, covers=c.covers)) for c, outcome in done], now)


def amend(connection: Connection, claim: Claim, *, change: StoredChange) -> None:
    """Remove a claimed event and apply what it changes."""
    removed = connection.execute(_END, _named(claim)).rowcount
    _all_ours(connection, removed, [claim])
    apply_change(connection, change)


def _conversation(done: tuple[Claim, EventOutcome]) -> str:
    """Order changes the same way in all processes, so that they cannot deadlock."""
    return done[0].event.message.conversation


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
    # an attempt that was dropped before it posted anything counts for nothing
    dropped = events.c.superseded & ~events.c.posting
    attempt = case((dropped, events.c.attempt - 1), else_=events.c.attempt)
    free = update(events).where(*_CLAIMED).values(token=None, reason=reason, due_at=due_at)
    free = free.values(attempt=attempt, superseded=False)
    if reason:
        free = free.values(failures=events.c.failures + 1)
    if ended:
        free = free.values(interrupted=0, interrupted_alone=0)
    _all_ours(connection, connection.execute(free, _named(claim)).rowcount, [claim])


def dead_letter(connection: Connection, claim: Claim, *, reason: str, now: datetime) -> None:
    """Move a claimed event to the dead letters."""
    for row in _remove(connection, claim):
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


def _named(claim: Claim) -> dict[str, Any]:
    return {
        "claimed": claim.id,
        "claim_token": claim.token,
        "claim_conversation": claim.event.message.conversation,
    }


def _all_ours(connection: Connection, changed: int, claims: Sequence[Claim]) -> None:
    """Check that a change applied to every claim.

    Raises:
        Superseded: What at least one of them answers has changed.
        ClaimLost: At least one of them was taken over.
    """
    if changed == sum(claim.rows for claim in claims):
        return
    for claim in claims:
        if connection.execute(_SUPERSEDED, _named(claim)).first() is not None:
            raise Superseded(f"{claim.id} has changed since it was claimed")
    raise _lost(claims[0])


def _remove(connection: Connection, claim: Claim) -> Sequence[Row[Any]]:
    rows = connection.execute(_END.returning(*events.c), _named(claim)).all()
    _all_ours(connection, len(rows), [claim])
    return rows


def _lost(claim: Claim) -> ClaimLost:
    return ClaimLost(f"{claim.id} was taken over by another worker")
