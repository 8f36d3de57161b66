"""What staff do with cases, inside a transaction: who has a case, and when it ends.

Whoever acts holds the state of the conversation first and the case second, in this order, so that
two who act at once cannot deadlock.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from bot.errors import MoveNotAllowed
from bot.ownership import Owner
from bot.storage.audit import record_audit
from bot.storage.case_threads import ON_PEOPLE, open_case_of
from bot.storage.conversation_states import hold_state
from bot.storage.drafts import drop_draft
from bot.storage.moves import move
from bot.storage.tables import cases


class Outcome(StrEnum):
    """What has come of an act."""

    DONE = "done"
    AGAIN = "again"
    """It was done before: by the same event, or nothing would change."""
    TAKEN = "taken"
    """Somebody else has the case, or has sent the line again first."""
    CLOSED = "closed"
    """The case is closed, and so nothing is done."""
    OTHER_OPEN = "other_open"
    """The conversation has another open case."""
    UNKNOWN = "unknown"
    """There is no such case, line, post or person."""
    REFUSED = "refused"
    """Whoever acts is not of the staff."""
    EMPTY = "empty"
    """There is nothing to send."""


@dataclass(frozen=True, slots=True)
class ActResult:
    """What has come of an act.

    Attributes:
        case: Number of the case; 0: none was found.
        assignee: Key of the member of staff who has it now; empty: nobody.
        post: Number of the post to the customer in the outbox; 0: there is none.
        other: Number of the other open case of the conversation; 0: there is none.
        detail: What is missing, in words; empty where the outcome says it all.
    """

    outcome: Outcome
    case: int = 0
    assignee: str = ""
    post: int = 0
    other: int = 0
    detail: str = ""

    @property
    def done(self) -> bool:
        """Whether it is as whoever acted wanted it."""
        return self.outcome in (Outcome.DONE, Outcome.AGAIN)


@dataclass(frozen=True, slots=True)
class Act:
    """Who acts when, and by what.

    Attributes:
        actor: Key of a member of staff, or `cli:` and an account.
        cause: Id of the event, or one of its own for the command line.
    """

    actor: str
    cause: str
    at: datetime


def held_case(connection: Connection, case: int) -> Row[Any] | None:
    """Return a case that staff work on; nobody else changes it until the transaction ends.

    On SQLite a transaction that writes excludes all others by itself.
    """
    found = (cases.c.id == case) & cases.c.kind.in_(ON_PEOPLE)
    conversation = connection.scalar(select(cases.c.conversation).where(found))
    if conversation is None:
        return None
    hold_state(connection, conversation)
    return connection.execute(select(cases).where(found).with_for_update()).one_or_none()


def claim(connection: Connection, case: int, act: Act) -> ActResult:
    """Give a case that nobody has to whoever acts."""
    row = held_case(connection, case)
    if row is None:
        return ActResult(Outcome.UNKNOWN)
    if row.closed_at is not None:
        return ActResult(Outcome.CLOSED, case)
    if row.assignee:
        mine = row.assignee == act.actor
        return ActResult(Outcome.AGAIN if mine else Outcome.TAKEN, case, row.assignee)
    take(connection, row, act)
    record(connection, row, act, "claim")
    return ActResult(Outcome.DONE, case, act.actor)


def assign(connection: Connection, case: int, assignee: str, act: Act) -> ActResult:
    """Give a case to somebody, whoever has it."""
    row = held_case(connection, case)
    if row is None:
        return ActResult(Outcome.UNKNOWN)
    if row.closed_at is not None:
        return ActResult(Outcome.CLOSED, case)
    if row.assignee == assignee:
        return ActResult(Outcome.AGAIN, case, assignee)
    take(connection, row, act, assignee=assignee)
    record(connection, row, act, "assign")
    return ActResult(Outcome.DONE, case, assignee)


def end(
    connection: Connection, case: int, act: Act, *, owner: Owner, closing: str = ""
) -> ActResult:
    """Close a case, and give its conversation back to the bot or close it as well.

    Args:
        connection: In a transaction.
        case: Number of the case.
        act: Who closes it.
        owner: BOT or CLOSED.
        closing: What the bot is to remember.
    """
    row = held_case(connection, case)
    if row is None:
        return ActResult(Outcome.UNKNOWN)
    if row.closed_at is not None:
        mine = row.closed_by == act.actor
        return ActResult(Outcome.AGAIN if mine else Outcome.CLOSED, case)
    done = update(cases).where(cases.c.id == case)
    connection.execute(done.values(closed_at=act.at, closed_by=act.actor, closing=closing))
    with suppress(MoveNotAllowed):  # it is closed already, and stays so
        move(
            connection,
            row.conversation,
            owner,
            cause=act.cause,
            at=act.at,
            summary=closing,
            actor=act.actor,
        )
    drop_draft(connection, row, cause=act.cause, at=act.at)
    record(connection, row, act, "close" if owner is Owner.CLOSED else "return")
    return ActResult(Outcome.DONE, case)


def reopened(connection: Connection, row: Row[Any]) -> ActResult | None:
    """Open a closed case again; return why that cannot be, None where it is open now."""
    if row.closed_at is None:
        return None
    other = open_case_of(connection, row.conversation)
    if other is not None:
        return ActResult(Outcome.OTHER_OPEN, row.id, other=other.id)
    again = update(cases).where(cases.c.id == row.id)
    connection.execute(again.values(closed_at=None, closed_by="", closing=""))
    return None


def take(connection: Connection, row: Row[Any], act: Act, *, assignee: str = "") -> None:
    """Let somebody have a held, open case and its conversation."""
    has = assignee or act.actor
    if row.assignee != has:
        change = update(cases).where(cases.c.id == row.id)
        connection.execute(change.values(assignee=has, claimed_at=act.at))
    move(
        connection,
        row.conversation,
        Owner.HUMAN,
        cause=act.cause,
        at=act.at,
        assignee=has,
        team=row.team,
        actor=act.actor,
    )


def staff_wrote(connection: Connection, case: int, *, at: datetime) -> None:
    """Record that staff wrote to the customer of a case."""
    first = func.coalesce(cases.c.first_staff_at, bindparam("now", at, cases.c.staff_at.type))
    change = update(cases).where(cases.c.id == case)
    connection.execute(change.values(staff_at=at, first_staff_at=first))


def customer_wrote(connection: Connection, case: int, *, at: datetime) -> None:
    """Record that the customer of a case wrote."""
    connection.execute(update(cases).where(cases.c.id == case).values(customer_at=at))


def record(
    connection: Connection,
    row: Row[Any],
    act: Act,
    action: str,
    detail: dict[str, Any] | None = None,
) -> None:
    """Put an act into the audit: who, what, which case; never a text, never a customer."""
    record_audit(
        connection,
        actor=act.actor,
        action=f"case_{action}",
        at=act.at,
        subject=f"case {row.id}",
        detail=detail,
    )
