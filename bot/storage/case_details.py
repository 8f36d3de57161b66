"""All that is stored of one case, for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.storage.case_threads import case_row
from bot.storage.outbox import FAILED
from bot.storage.tables import messages, outbox, relays

LINES = 30
"""Lines of the conversation that are shown."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A line of the customer's conversation; of a move, what moved."""

    at: datetime
    role: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class FailedPost:
    """A line of staff that did not reach the customer, by the number of its post."""

    post: int
    reason: str


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """One case.

    Attributes:
        assignee: Key of who has it; empty: nobody.
        thread: Key of its inside thread; empty: it has none.
        first_post: What staff read first, in Markdown; empty: it has no thread.
        lines: The latest of the conversation, the oldest first.
        failed: What did not reach the customer.
    """

    number: int
    kind: str
    trigger: str
    note: str
    team: str
    assignee: str
    conversation: str
    author: str
    thread: str
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    closing: str
    first_post: str
    lines: tuple[CaseLine, ...]
    failed: tuple[FailedPost, ...]


def details_of(connection: Connection, number: int) -> CaseDetails | None:
    """Return a case that staff work on; None: there is none of that number."""
    row = case_row(connection, number)
    if row is None:
        return None
    root = select(outbox.c.payload["markdown"].as_string()).where(
        outbox.c.kind == "thread", outbox.c.case == number
    )
    return CaseDetails(
        row.id,
        row.kind,
        row.trigger,
        row.note,
        row.team,
        row.assignee,
        row.conversation,
        row.author,
        row.thread,
        row.opened_at,
        row.claimed_at,
        row.closed_at,
        row.closed_by,
        row.closing,
        connection.scalar(root.order_by(outbox.c.id).limit(1)) or "",
        _lines(connection, row.conversation),
        _failed(connection, number),
    )


def _lines(connection: Connection, conversation: str) -> tuple[CaseLine, ...]:
    query = select(messages.c.at, messages.c.role, messages.c.author, messages.c.text).where(
        messages.c.conversation == conversation
    )
    rows = connection.execute(query.order_by(messages.c.id.desc()).limit(LINES)).all()
    return tuple(CaseLine(*row) for row in rows[::-1])


def _failed(connection: Connection, case: int) -> tuple[FailedPost, ...]:
    query = (
        select(outbox.c.id, outbox.c.reason)
        .join(relays, relays.c.post == outbox.c.id)
        .where(relays.c.case == case, relays.c.direction == "to_customer")
        .where(outbox.c.state == FAILED)
    )
    return tuple(FailedPost(*row) for row in connection.execute(query.order_by(outbox.c.id)))
