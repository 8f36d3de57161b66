"""Notices to staff outside the platforms, until they are taken: what is done in transactions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from bot.storage.dialect import insert
from bot.storage.tables import cases, messages, notices

QUEUED, SENT, FAILED, NEEDLESS = "queued", "sent", "failed", "needless"

AT_ONCE = 20
"""Notices that are looked at together."""


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice that is being sent.

    Attributes:
        id: Of its row.
        step: Which next step of the case it is.
        way: Name of the way that it goes.
        attempts: How often it was tried, this time included.
        text: What the customer asked.
    """

    id: int
    case: int
    step: int
    way: str
    attempts: int
    team: str
    trigger: str
    opened_at: datetime
    conversation: str
    text: str


def add_notices(
    connection: Connection, case: int, step: int, ways: Collection[str], *, at: datetime
) -> None:
    """Store what is to be sent for a step, in its transaction."""
    for way in sorted(ways):
        row = {
            "case": case,
            "step": step,
            "way": way,
            "state": QUEUED,
            "queued_at": at,
            "due_at": at,
        }
        connection.execute(insert(connection, notices).values(**row).on_conflict_do_nothing())


def due_notices(connection: Connection, ways: Collection[str], *, now: datetime) -> Sequence[int]:
    """Return the ids of what is to be sent now, the oldest first."""
    due = (notices.c.state == QUEUED) & (notices.c.due_at <= now) & notices.c.way.in_(ways)
    query = select(notices.c.id).where(due).order_by(notices.c.due_at, notices.c.id)
    return connection.scalars(query.limit(AT_ONCE)).all()


def take_notice(
    connection: Connection, number: int, *, now: datetime, again: timedelta
) -> StoredNotice | None:
    """Take a notice to send it; None: another process has, or nobody needs it any more.

    It is due again after some time: whoever took it may die.
    """
    due = (notices.c.id == number) & (notices.c.state == QUEUED) & (notices.c.due_at <= now)
    taken = update(notices).where(due).values(attempts=notices.c.attempts + 1, due_at=now + again)
    row = connection.execute(taken.returning(*notices.c)).one_or_none()
    if row is None:
        return None
    case = connection.execute(select(cases).where(cases.c.id == row.case)).one_or_none()
    if case is None or case.closed_at is not None or case.assignee:
        end_notice(connection, number, NEEDLESS)
        return None
    said = select(messages.c.text).where(
        messages.c.event == case.event, messages.c.role == "customer"
    )
    return StoredNotice(
        row.id,
        row.case,
        row.step,
        row.way,
        row.attempts,
        case.team,
        case.trigger,
        case.opened_at,
        case.conversation,
        connection.scalar(said) or "",
    )


def put_off(connection: Connection, number: int, *, due_at: datetime) -> None:
    """Let a notice that was not taken be tried again later."""
    change = update(notices).where(notices.c.id == number, notices.c.state == QUEUED)
    connection.execute(change.values(due_at=due_at))


def end_notice(connection: Connection, number: int, state: str) -> bool:
    """Record what has become of a notice; False: it was ended before."""
    change = update(notices).where(notices.c.id == number, notices.c.state == QUEUED)
    return bool(connection.execute(change.values(state=state)).rowcount)


def states_of_step(connection: Connection, case: int, step: int) -> Sequence[str]:
    """Return what has become of the notices of a step."""
    query = select(notices.c.state).where(notices.c.case == case, notices.c.step == step)
    return connection.scalars(query).all()
