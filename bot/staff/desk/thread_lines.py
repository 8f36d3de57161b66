"""Lines in case threads, both ways: what staff write there, and what customers wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.conversations.attachments import with_attachments
from bot.conversations.key import platform_of
from bot.messages import Deleted, Edited, Message
from bot.ports import OutgoingPost
from bot.staff.desk.changes import customer_changed, staff_deleted, staff_edited
from bot.staff.desk.files import CheckedFiles, tell_customer, with_refused
from bot.staff.desk.late_threads import begin_late_thread
from bot.staff.desk.lines import SentLine, named_text, send
from bot.staff.desk.marked_lines import read_line
from bot.staff.desk.names import CustomerTexts, Places
from bot.staff.desk.opening import MOST
from bot.staff.desk.saved import SavedReplies
from bot.staff.desk.shown import shown
from bot.staff.desk.summary import Customer
from bot.staff.desk.texts import CUSTOMER, WARNING, said
from bot.staff.quoting import named
from bot.storage.case_acts import Act, ActResult, Outcome, customer_wrote
from bot.storage.case_acts import record as record_act
from bot.storage.case_threads import (
    case_row,
    keep_line,
    open_case_of,
    open_cases_of_person,
    place_of_case,
    post_inside,
)
from bot.storage.cases import case_of_thread
from bot.storage.outbox import enqueue
from bot.storage.relays import Relay, add_relay, relay_of

EDITED = (
    "It was edited before it could be read, and may have been talk: use *Send to customer* on it, "
    "or write it again."
)
NOT_SAVED = "No intent `{}` has a reply that could be sent."


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A line of staff in a case thread.

    Attributes:
        name: Display name of its author; may be empty.
        files: That came with it.
        act: Who acts when.
    """

    case: int
    message: Message
    name: str
    files: CheckedFiles
    act: Act


@dataclass(frozen=True, slots=True)
class Sending:
    """A text that staff send; see `SentLine`."""

    case: int
    source: str
    text: str
    name: str
    files: CheckedFiles
    copy: str
    act: Act


def take_line(
    connection: Connection, line: StaffLine, texts: CustomerTexts, saved: SavedReplies
) -> ActResult | None:
    """Keep a line of a case thread, and send it where it is to be sent; None: it is talk."""
    row = case_row(connection, line.case)
    if row is None:
        return None
    message, act = line.message, line.act
    if not keep_line(connection, message, at=act.at):
        # taken before; it may have been edited while its worker died
        edited = Edited(message, message.id, message.edited_at or message.sent_at)
        _follow_staff(connection, row, edited, line.name, texts, saved, act.at)
        return None
    read = read_line(message.formatted or message.text, sends_all=texts.sends_all(row))
    if not read.sends:
        record_act(connection, row, act, "note")
        return None
    text = read.text
    if message.edited_at is not None:
        result = ActResult(Outcome.EMPTY, row.id, detail=EDITED)
        _refuse(connection, row, message, result, act)
        return result
    if read.saved:
        text = saved_text(connection, row, read.saved, texts, saved)
    if read.saved and not text:
        result = ActResult(Outcome.UNKNOWN, row.id, detail=NOT_SAVED.format(read.saved))
    else:
        sending = Sending(row.id, message.id, text, line.name, line.files, "", act)
        result = send_text(connection, sending, texts)
    if not result.done:
        _refuse(connection, row, message, result, act)
    return result


def send_text(connection: Connection, sending: Sending, texts: CustomerTexts) -> ActResult:
    """Send a text to the customer of a case."""
    row = case_row(connection, sending.case)
    if row is None:
        return ActResult(Outcome.UNKNOWN)
    line = SentLine(
        sending.source,
        sending.text,
        texts.shown_as(connection, row, sending.name),
        sending.files,
        texts.unfetched(connection, row.conversation),
        sending.copy,
    )
    return send(connection, sending.case, line, sending.act)


def saved_text(
    connection: Connection, case: Row[Any], name: str, texts: CustomerTexts, saved: SavedReplies
) -> str:
    """Return the reply of an intent as a customer reads it; empty: it has none."""
    return saved.text(
        name,
        language=texts.language_of(connection, case.conversation),
        platform=platform_of(case.conversation),
        seed=case.event,
    )


def _refuse(
    connection: Connection, row: Row[Any], message: Message, result: ActResult, act: Act
) -> None:
    """Mark a line that cannot be sent, and say why below it."""
    place = place_of_case(connection, row)
    if not place:
        return
    mark = OutgoingPost(
        place,
        "",
        message.id,
        row.author,
        kind="mark",
        case=row.id,
        marked=message.id,
        mark="failed",
    )
    enqueue(connection, [mark], now=act.at)
    why = f"{WARNING} This was not sent. {said('send', result)}"
    post_inside(connection, row, why, cause=f"{message.id}:refused", at=act.at)


def to_staff(
    connection: Connection,
    message: Message,
    customer: Customer,
    files: CheckedFiles,
    texts: CustomerTexts,
    places: Places,
    at: datetime,
) -> bool:
    """Carry a customer's line into the thread of their case; False: none is open."""
    row, where = open_case_of(connection, message.conversation), ""
    if row is None:
        others = open_cases_of_person(connection, message.author.key)
        if len(others) < MOST:
            return False
        row, where = others[0], f" (in `{message.conversation}`)"
    elif relay_of(connection, message.id, "to_staff") is None:
        begin_late_thread(connection, row.id, message, customer, files, texts, places, at)
    if relay_of(connection, message.id, "to_staff") is not None:
        return True
    written = shown(message.formatted or message.text)
    odd = [each for each in message.attachments if each.media_type in ("poll", "sticker")]
    text = with_refused(with_attachments(written, odd), files)
    unfetched = texts.unfetched(connection, message.conversation)
    post = post_inside(
        connection,
        row,
        named_text(f"{named(customer.name) or CUSTOMER}{where}", text),
        cause=message.id,
        at=at,
        files=files.passed,
        unfetched=unfetched,
    )
    relay = Relay(row.id, "to_staff", message.id, post, message.author.key, row.author)
    add_relay(connection, relay, at=at)
    customer_wrote(connection, row.id, at=at)
    tell_customer(connection, message, files, unfetched, at=at)
    return True


def follow(
    connection: Connection,
    event: Edited | Deleted,
    name: str,
    texts: CustomerTexts,
    saved: SavedReplies,
    at: datetime,
) -> None:
    """Let copies follow what was edited or deleted, on whichever side it stands."""
    message = event.message
    number = case_of_thread(connection, message.conversation)
    row = case_row(connection, number) if number else None
    if row is None:
        customer_changed(connection, event, at=at)
    elif isinstance(event, Deleted):
        staff_deleted(connection, row, event.original, at=at)
    elif message.author.staff:
        _follow_staff(connection, row, event, name, texts, saved, at)


def _follow_staff(
    connection: Connection,
    row: Row[Any],
    event: Edited,
    name: str,
    texts: CustomerTexts,
    saved: SavedReplies,
    at: datetime,
) -> None:
    staff_edited(
        connection,
        row,
        event,
        sends_all=texts.sends_all(row),
        name=texts.shown_as(connection, row, name),
        saved=lambda wanted: saved_text(connection, row, wanted, texts, saved),
        at=at,
    )
