"""Edits and deletions of lines that have crossed: the copy on the other side follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, select, update

from bot.conversations.attachments import with_attachments
from bot.messages import Deleted, Edited
from bot.ports import OutgoingPost
from bot.staff.desk.lines import headed, named_text, readers_of
from bot.staff.desk.marked_lines import MarkedLine, read_line
from bot.staff.desk.shown import shown
from bot.staff.desk.texts import CUSTOMER
from bot.staff.quoting import named
from bot.storage.case_threads import line_of_staff, place_of_case, post_inside
from bot.storage.outbox import cancel, enqueue
from bot.storage.relayed_posts import NOT_CHANGED, NOT_DELETED
from bot.storage.relays import Relay, change_sent, relay_of
from bot.storage.tables import cases, messages, outbox

TOO_LONG_AGO = "it was sent too long ago."

GONE = "*deleted by the customer*"


def staff_edited(
    connection: Connection,
    case: Row[Any],
    event: Edited,
    *,
    sends_all: bool,
    name: str,
    saved: Callable[[str], str],
    at: datetime,
) -> None:
    """Let the customer's copy of a line say what the line says now; talk stays talk.

    Args:
        connection: In a transaction.
        case: The case in whose thread the line stands.
        event: The edit.
        sends_all: The team sends every line.
        name: Whose name the customer reads before it.
        saved: Returns a saved reply by its name; empty: there is none.
        at: Now.
    """
    message = event.message
    line = line_of_staff(connection, event.original)
    now = with_attachments(message.text, message.attachments)
    if line is None or line.text == now:
        return
    if line.edited_at is not None and line.edited_at > event.edited_at:
        return
    changed = update(messages).where(messages.c.id == line.id)
    connection.execute(changed.values(text=now, edited_at=event.edited_at))
    relay = relay_of(connection, event.original, "to_customer")
    if relay is None:
        return
    read = _read_edit(connection, relay, message.formatted or message.text, sends_all=sends_all)
    text = saved(read.saved) if read.saved else read.text
    if not read.sends or not text:
        return
    change_sent(connection, case.conversation, relay.source, text)
    _change(connection, case, relay, "edit", named_text(name, text), cause=message.id, at=at)


def _read_edit(connection: Connection, relay: Relay, text: str, *, sends_all: bool) -> MarkedLine:
    """Read a sent line as it is now; one that was sent with a shortcut needs no mark."""
    cause = connection.scalar(select(outbox.c.cause).where(outbox.c.id == relay.post))
    marked = read_line(text, sends_all=sends_all)
    if marked.sends or cause in (None, relay.source):
        return marked
    return MarkedLine(True, text.strip())


def staff_deleted(connection: Connection, case: Row[Any], original: str, *, at: datetime) -> None:
    """Delete the customer's copy of a line that was deleted; one that waits is not sent."""
    gone = (messages.c.event == original) & (messages.c.role == "staff")
    connection.execute(delete(messages).where(gone))
    relay = relay_of(connection, original, "to_customer")
    if relay is None:
        return
    again = exists().where(outbox.c.target == relay.post, outbox.c.kind == "delete")
    if connection.scalar(select(again)):
        return
    change_sent(connection, case.conversation, relay.source, None)
    if not cancel(connection, relay.post):
        cause = f"{original}:deleted"
        _change(connection, case, relay, "delete", "", cause=cause, at=at)


def _change(
    connection: Connection,
    case: Row[Any],
    relay: Relay,
    kind: str,
    text: str,
    *,
    cause: str,
    at: datetime,
) -> None:
    """Store the change of a customer's copy; where its post is no longer known, staff are told."""
    if connection.scalar(select(outbox.c.id).where(outbox.c.id == relay.post)) is None:
        said = (NOT_CHANGED if kind == "edit" else NOT_DELETED).format(reason=TOO_LONG_AGO)
        post_inside(connection, case, said, cause=cause, at=at)
        return
    post = OutgoingPost(
        case.conversation,
        text,
        cause,
        case.author,
        readers=readers_of(connection, case.conversation),
        kind="edit" if kind == "edit" else "delete",
        target=relay.post,
    )
    enqueue(connection, [post], now=at)


def customer_changed(connection: Connection, event: Edited | Deleted, *, at: datetime) -> bool:
    """Let the case thread know what a customer edited or deleted; False: nothing is known of it."""
    original = _carried_as(connection, event.original)
    relay = relay_of(connection, original, "to_staff")
    if relay is None:
        return False
    case = connection.execute(select(cases).where(cases.c.id == relay.case)).one_or_none()
    cause = event.message.id
    cause = f"{cause}:deleted" if cause == event.original else cause
    if case is None or case.closed_at is not None or _is_told(connection, cause):
        return False
    who = named(event.message.author.name) or CUSTOMER
    deleted = isinstance(event, Deleted)
    text = GONE if deleted else shown(event.message.formatted or event.message.text)
    copy = select(outbox).where(outbox.c.id == relay.post, outbox.c.kind == "post")
    stands = original == event.original and connection.execute(copy).first() is not None
    place = place_of_case(connection, case)
    if stands and place:
        post = OutgoingPost(
            place,
            headed(f"**{who}:**" if deleted else f"**{who}** (edited):", text),
            cause,
            case.author,
            kind="edit",
            case=case.id,
            target=relay.post,
        )
        enqueue(connection, [post], now=at)
        return True
    what = "deleted a message." if deleted else f"changed a message: {text}"
    return bool(post_inside(connection, case, f"**{who}** {what}", cause=cause, at=at))


def _carried_as(connection: Connection, message_id: str) -> str:
    """Return the id that a customer's line crossed under: quick lines cross as one."""
    line = (messages.c.event == message_id) & (messages.c.role == "customer")
    return connection.scalar(select(messages.c.answered_by).where(line)) or message_id


def _is_told(connection: Connection, cause: str) -> bool:
    return bool(connection.scalar(select(exists().where(outbox.c.cause == cause))))
