"""The inside thread of a case: where it stands, what is posted and what staff write there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, func, select, update

from bot.conversations.attachments import with_attachments
from bot.conversations.key import ConversationKey
from bot.messages import Attachment, Message, Readers
from bot.ports import CaseButton, OutgoingPost
from bot.storage.dialect import insert
from bot.storage.outbox import OPEN, POSTING, enqueue
from bot.storage.tables import cases, conversations, decisions, messages, outbox

ON_PEOPLE = ("handoff", "safety")
"""Kinds of the cases that staff work on."""


def case_row(connection: Connection, number: int) -> Row[Any] | None:
    """Return a case that staff work on; None: there is none of that number."""
    query = select(cases).where(cases.c.id == number, cases.c.kind.in_(ON_PEOPLE))
    return connection.execute(query).one_or_none()


def open_case_of(connection: Connection, conversation: str) -> Row[Any] | None:
    """Return the open case of a conversation; None: it has none."""
    query = select(cases).where(
        cases.c.conversation == conversation,
        cases.c.kind.in_(ON_PEOPLE),
        cases.c.closed_at.is_(None),
    )
    return connection.execute(query.order_by(cases.c.id.desc()).limit(1)).one_or_none()


def is_being_opened(connection: Connection, channel: str) -> bool:
    """Return whether a thread of a case may stand in a channel that is not recorded yet."""
    opening = (outbox.c.kind == "thread") & (outbox.c.conversation == channel)
    return bool(connection.scalar(select(exists().where(outbox.c.state == POSTING, opening))))


def place_of_case(connection: Connection, case: Row[Any]) -> str:
    """Return the channel that the thread of a case is in, or will be; empty: it has none."""
    query = select(outbox.c.conversation).where(outbox.c.kind == "thread", outbox.c.case == case.id)
    coming: str | None = connection.scalar(query.order_by(outbox.c.id.desc()).limit(1))
    if coming:
        return coming
    return str(ConversationKey.parse(case.thread).without_thread()) if case.thread else ""


def post_inside(
    connection: Connection,
    case: Row[Any],
    markdown: str,
    *,
    cause: str,
    at: datetime,
    buttons: Sequence[CaseButton] = (),
    files: tuple[Attachment, ...] = (),
    unfetched: str = "",
) -> int:
    """Post in the thread of a case; return the number of the post, 0 where it has no thread."""
    place = place_of_case(connection, case)
    if not place:
        return 0
    post = OutgoingPost(
        place,
        markdown,
        cause,
        case.author,
        readers=Readers.STAFF,
        case=case.id,
        case_buttons=tuple(buttons),
        files=files,
        unfetched=unfetched,
    )
    return enqueue(connection, [post], now=at)[0]


def touch_conversation(connection: Connection, key: str, *, at: datetime, spoken: bool) -> None:
    """Let a conversation be known, and have changed now."""
    row = {"key": key, "started_at": at, "latest_at": at, "spoken": spoken}
    connection.execute(insert(connection, conversations).values(**row).on_conflict_do_nothing())
    known = update(conversations).where(conversations.c.key == key)
    if spoken:
        connection.execute(known.values(latest_at=at, spoken=True))


def keep_line(connection: Connection, message: Message, *, at: datetime) -> bool:
    """Store a line that staff wrote in a case thread; False: it was stored before."""
    touch_conversation(connection, message.conversation, at=at, spoken=False)
    row = {
        "conversation": message.conversation,
        "event": message.id,
        "role": "staff",
        "author": message.author.key,
        "text": with_attachments(message.text, message.attachments),
        "private": False,
        "edited_at": message.edited_at,
        "at": message.sent_at,
    }
    fresh = insert(connection, messages).values(**row).on_conflict_do_nothing()
    return connection.execute(fresh.returning(messages.c.id)).first() is not None


def line_of_staff(connection: Connection, message_id: str) -> Row[Any] | None:
    """Return a line of staff as it is stored; None: it is not."""
    query = select(messages).where(messages.c.event == message_id, messages.c.role == "staff")
    return connection.execute(query).one_or_none()


def language_of(connection: Connection, conversation: str) -> str:
    """Return the language that a conversation was last answered in; empty: unknown."""
    query = select(decisions.c.language).where(
        decisions.c.conversation == conversation, decisions.c.language != ""
    )
    return connection.scalar(query.order_by(decisions.c.at.desc()).limit(1)) or ""


def open_cases_of_person(connection: Connection, author: str) -> Sequence[Row[Any]]:
    """Return the open cases of a customer, the latest first."""
    query = select(cases).where(
        cases.c.author == author, cases.c.kind.in_(ON_PEOPLE), cases.c.closed_at.is_(None)
    )
    return connection.execute(query.order_by(cases.c.id.desc())).all()


def count_open(connection: Connection) -> int:
    """Return how many cases of customers are open."""
    query = select(func.count()).where(cases.c.kind.in_(ON_PEOPLE), cases.c.closed_at.is_(None))
    return connection.scalar(query) or 0


def is_told(connection: Connection, case: int) -> bool | None:
    """Return whether staff have been told of a case; None: that is not known yet."""
    roots = select(outbox.c.state).where(outbox.c.kind == "thread", outbox.c.case == case)
    state = connection.scalar(roots.order_by(outbox.c.id.desc()).limit(1))
    # read after its post: on PostgreSQL that may be delivered between two reads
    if connection.scalar(select(cases.c.thread).where(cases.c.id == case)):
        return True
    return None if state in OPEN else False
