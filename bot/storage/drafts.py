"""The drafted reply in a case thread: one at a time, and gone once staff have written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.messages import Message
from bot.ports import CaseButton, OutgoingPost
from bot.storage.case_threads import open_case_of, place_of_case, post_inside
from bot.storage.outbox import cancel, enqueue
from bot.storage.tables import cases, outbox

USE = "Use"
"""What the button says that opens the reply form with the draft in it."""


def keep_draft(connection: Connection, message: Message, markdown: str, *, at: datetime) -> bool:
    """Put a draft into the thread of the open case, in place of the one before.

    Args:
        connection: In a transaction.
        message: What it answers.
        markdown: What staff read; the reply itself is quoted in it.
        at: The time.

    Returns:
        False where no case is open, or the message has its draft already.
    """
    case = open_case_of(connection, message.conversation)
    if case is None or _cause(connection, case.draft) == message.id:
        return False
    drop_draft(connection, case, cause=message.id, at=at)
    use = CaseButton("use", case.id, USE)
    number = post_inside(connection, case, markdown, cause=message.id, at=at, buttons=(use,))
    _note(connection, case.id, number)
    return bool(number)


def drop_draft(connection: Connection, case: Row[Any], *, cause: str, at: datetime) -> None:
    """Take the draft of a case back, if there is one."""
    if not case.draft:
        return
    if not cancel(connection, case.draft):
        gone = OutgoingPost(
            place_of_case(connection, case),
            "",
            cause,
            case.author,
            kind="delete",
            case=case.id,
            target=case.draft,
        )
        enqueue(connection, [gone], now=at)
    _note(connection, case.id, 0)


def _cause(connection: Connection, number: int) -> str | None:
    """Return what a draft answers; None for no draft."""
    if not number:
        return None
    return connection.scalar(select(outbox.c.cause).where(outbox.c.id == number))


def _note(connection: Connection, case: int, number: int) -> None:
    connection.execute(update(cases).where(cases.c.id == case).values(draft=number))
