"""Who has a case: claimed, assigned, returned or closed, and said so in its thread."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, select

from bot.ownership import Owner
from bot.storage.case_acts import Act, ActResult, Outcome, assign, claim, end
from bot.storage.case_threads import case_row, post_inside
from bot.storage.tables import outbox, relays

CLAIMED = "**{}** has the case."
ASSIGNED = "**{}** has given the case to **{}**."
RETURNED = "**{}** has given the conversation back to the bot."
CLOSED = "**{}** has closed the case."
NOT_STAFF = "Only a member of staff can have a case: name one that config lists."


def claim_case(connection: Connection, case: int, act: Act, name: str) -> ActResult:
    """Give a case that nobody has to whoever acts."""
    result = claim(connection, case, act)
    return _said(connection, result, act, CLAIMED.format(name))


def assign_case(
    connection: Connection,
    case: int,
    assignee: str,
    act: Act,
    names: Sequence[str],
    *,
    listed: bool,
) -> ActResult:
    """Give a case to a member of staff.

    Args:
        connection: In a transaction.
        case: Number of the case.
        assignee: Key of who is to have it.
        act: Who gives it.
        names: Of both.
        listed: Config names the assignee by id. Members by a role are known from what they have
            sent before.
    """
    known = exists().where(relays.c.author == assignee, relays.c.direction == "to_customer")
    if not assignee or not (listed or connection.scalar(select(known))):
        return ActResult(Outcome.UNKNOWN, case, detail=NOT_STAFF)
    result = assign(connection, case, assignee, act)
    return _said(connection, result, act, ASSIGNED.format(*names))


def end_case(
    connection: Connection, case: int, act: Act, *, owner: Owner, closing: str, name: str
) -> ActResult:
    """Close a case; its conversation is the bot's again, or closed."""
    result = end(connection, case, act, owner=owner, closing=closing)
    said = (CLOSED if owner is Owner.CLOSED else RETURNED).format(name)
    return _said(connection, result, act, f"{said}\n> {closing}" if closing else said)


def note_once(
    connection: Connection, case: int, markdown: str, *, cause: str, at: datetime
) -> bool:
    """Say something to staff in the thread of a case, once for a cause."""
    row = case_row(connection, case)
    known = exists().where(outbox.c.cause == cause, outbox.c.case == case)
    if row is None or connection.scalar(select(known)):
        return False
    return bool(post_inside(connection, row, markdown, cause=cause, at=at))


def _said(connection: Connection, result: ActResult, act: Act, text: str) -> ActResult:
    row = case_row(connection, result.case)
    if result.outcome is Outcome.DONE and row is not None:
        post_inside(connection, row, text, cause=act.cause, at=act.at)
    return result
