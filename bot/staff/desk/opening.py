"""Opens a case: its row, the first post of its thread, and the files that came with the message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.messages import Message, Readers
from bot.ports import CaseButton, OutgoingPost
from bot.staff.desk.files import CheckedFiles, tell_customer, with_refused
from bot.staff.desk.known import known_of
from bot.staff.desk.names import CustomerTexts
from bot.staff.desk.results import OpenCase, Opening
from bot.staff.desk.summary import Customer, first_post, title_of
from bot.staff.desk.texts import LABELS
from bot.staff.teams import Team
from bot.storage.case_acts import customer_wrote, held_case
from bot.storage.case_threads import open_case_of, open_cases_of_person, post_inside
from bot.storage.conversation_states import hold_state
from bot.storage.dialect import insert
from bot.storage.outbox import enqueue
from bot.storage.outgoing_payload import decode
from bot.storage.relays import Relay, add_relay
from bot.storage.tables import cases, outbox

MOST = 3
"""Open cases of one person."""

PASSED_ON = "{} is asked from now on: {}"

FILES = "Sent along with the first message:"


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """A case that is to be opened.

    Attributes:
        place: Key of the channel that its thread stands in; empty: it has none.
        files: Of the message.
    """

    message: Message
    opening: Opening
    customer: Customer
    place: str
    files: CheckedFiles
    at: datetime


def open_case(connection: Connection, request: CaseRequest, texts: CustomerTexts) -> OpenCase:
    """Open a case, unless the conversation has one, the person three, or it was opened before."""
    message, opening = request.message, request.opening
    hold_state(connection, message.conversation)
    found = open_case_of(connection, message.conversation)
    if found is not None:
        return OpenCase(found.id, found.event == message.id, found.team)
    others = open_cases_of_person(connection, message.author.key)
    if len(others) >= MOST:
        return OpenCase(others[0].id, False, others[0].team)
    kind = "safety" if opening.trigger == "safety" else "handoff"
    row = {
        "kind": kind,
        "conversation": message.conversation,
        "event": message.id,
        "author": message.author.key,
        "note": opening.note,
        "opened_at": request.at,
        "team": opening.team.name,
        "trigger": opening.trigger,
        "customer_at": request.at,
    }
    fresh = insert(connection, cases).values(**row).on_conflict_do_nothing()
    number = connection.execute(fresh.returning(cases.c.id)).scalar_one_or_none()
    if number is None:  # its case was closed meanwhile
        same = (cases.c.event == message.id) & (cases.c.kind == kind)
        known = connection.execute(select(cases).where(same)).one()
        return OpenCase(known.id, True, known.team)
    begin(connection, request, number, texts)
    return OpenCase(number, True, opening.team.name)


def begin(connection: Connection, request: CaseRequest, case: int, texts: CustomerTexts) -> None:
    """Post the beginning of the thread, and let the message count as carried there."""
    message = request.message
    known = known_of(connection, message, case)
    text = first_post(case, message, request.opening, request.customer, known)
    asked = request.opening.asked or message.text
    post = 0
    if request.place:
        title = title_of(case, request.customer, asked)
        root = thread_post(
            request.place, text, case, author=message.author.key, cause=message.id, title=title
        )
        post = enqueue(connection, [root], now=request.at)[0]
    relay = Relay(case, "to_staff", message.id, post, message.author.key, message.author.key)
    add_relay(connection, relay, at=request.at)
    customer_wrote(connection, case, at=request.at)
    unfetched = texts.unfetched(connection, message.conversation)
    _send_files(connection, request, case, unfetched)


def thread_post(
    place: str, text: str, case: int, *, author: str, cause: str, title: str
) -> OutgoingPost:
    """Return the post that the thread of a case is opened under."""
    buttons = tuple(
        CaseButton(act, case, LABELS[act], style="primary" if act == "claim" else "")
        for act in ("claim", "assign", "reply", "return", "close")
    )
    return OutgoingPost(
        place,
        text,
        cause,
        author,
        readers=Readers.STAFF,
        kind="thread",
        case=case,
        title=title,
        case_buttons=buttons,
    )


def _send_files(connection: Connection, request: CaseRequest, case: int, unfetched: str) -> None:
    """Pass on the files of the message, and tell both sides of those that are not."""
    files, message = request.files, request.message
    if not files.passed and not files.refused:
        return
    row = connection.execute(select(cases).where(cases.c.id == case)).one()
    number = post_inside(
        connection,
        row,
        with_refused(FILES, files),
        cause=message.id,
        at=request.at,
        files=files.passed,
        unfetched=unfetched,
    )
    relay = Relay(case, "to_staff", f"{message.id}:files", number, message.author.key, row.author)
    add_relay(connection, relay, at=request.at)
    tell_customer(connection, message, files, unfetched, at=request.at)


def ask_team(
    connection: Connection, case: int, team: Team, *, place: str, reason: str, at: datetime
) -> bool:
    """Open a thread of a case in the channel of another team; False: the case is closed."""
    row = held_case(connection, case)
    if row is None or row.closed_at is not None:
        return False
    if row.team == team.name:
        return True
    first = first_post_of(connection, case)
    cause = f"{row.event}:{team.name}"
    post_inside(connection, row, PASSED_ON.format(team.title, reason), cause=cause, at=at)
    change = update(cases).where(cases.c.id == case).values(team=team.name, told_at=None)
    connection.execute(change)
    text = "\n\n".join([f"**{reason}**", first.markdown if first else ""]).strip()
    title = first.title if first else f"#{case}"
    root = thread_post(place, text, case, author=row.author, cause=cause, title=title)
    enqueue(connection, [root], now=at)
    return True


def first_post_of(connection: Connection, case: int) -> OutgoingPost | None:
    """Return the post that the thread of a case was opened under, as it was stored."""
    query = select(outbox).where(outbox.c.kind == "thread", outbox.c.case == case)
    row = connection.execute(query.order_by(outbox.c.id).limit(1)).one_or_none()
    return None if row is None else decode(row)
