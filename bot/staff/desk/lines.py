"""Lines that staff send: from a case thread, a form, a shortcut or the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.conversations.attachments import with_attachments
from bot.messages import Readers
from bot.ports import OutgoingPost
from bot.staff.desk.files import CheckedFiles, with_refused
from bot.storage.case_acts import (
    Act,
    ActResult,
    Outcome,
    held_case,
    record,
    reopened,
    staff_wrote,
    take,
)
from bot.storage.case_threads import post_inside
from bot.storage.drafts import drop_draft
from bot.storage.outbox import enqueue, send_again
from bot.storage.relays import Relay, add_relay, carried_by, keep_sent, relay_of
from bot.storage.tables import conversations, relays

_BLOCKS = ("```", ">", "#", "- ", "* ", "1.", "|", "    ")
"""What begins a block of Markdown, which must begin a line."""


@dataclass(frozen=True, slots=True)
class SentLine:
    """What staff send.

    Attributes:
        source: Id of the line; of a form and the like, of the act itself.
        text: What the customer reads, in Markdown, without a name before it.
        shown_as: Whose name the customer reads before it.
        files: That came with it.
        unfetched: What the customer reads of files that cannot be passed on.
        copy: What the case thread reads; empty: the line stands there already.
    """

    source: str
    text: str
    shown_as: str
    files: CheckedFiles = field(default_factory=CheckedFiles)
    unfetched: str = ""
    copy: str = ""


def send(connection: Connection, case: int, line: SentLine, act: Act) -> ActResult:
    """Send a line to the customer of a case; whoever sends it has the case from then on."""
    known = relay_of(connection, line.source, "to_customer")
    if known is not None:
        return ActResult(Outcome.AGAIN, known.case, act.actor, known.post)
    row = held_case(connection, case)
    if row is None:
        return ActResult(Outcome.UNKNOWN)
    text = _body(line)
    if not text and not line.files.passed:
        return ActResult(Outcome.EMPTY, case, row.assignee)
    refused = reopened(connection, row)
    if refused is not None:
        return refused
    take(connection, row, act)
    post = _post(connection, row, line, text, act)
    relay = Relay(case, "to_customer", line.source, post, act.actor, row.author)
    add_relay(connection, relay, at=act.at)
    said = with_attachments(line.text, line.files.passed)
    keep_sent(connection, row, relay, said, act.at)
    staff_wrote(connection, case, at=act.at)
    drop_draft(connection, row, cause=act.cause, at=act.at)
    record(connection, row, act, "reply")
    if line.files.passed:
        record(connection, row, act, "file", {"files": len(line.files.passed)})
    return ActResult(Outcome.DONE, case, act.actor, post)


def _post(connection: Connection, row: Row[Any], line: SentLine, text: str, act: Act) -> int:
    """Store the post to the customer, and what the case thread reads of it."""
    copy = with_refused(line.copy, line.files)
    if copy:
        cause = line.source if line.copy else f"{line.source}:files"
        post_inside(connection, row, copy, cause=cause, at=act.at)
    post = OutgoingPost(
        row.conversation,
        named_text(line.shown_as, text),
        act.cause,
        row.author,
        readers=readers_of(connection, row.conversation),
        files=line.files.passed,
        unfetched=line.unfetched,
    )
    return enqueue(connection, [post], now=act.at)[0]


def _body(line: SentLine) -> str:
    """Return what the customer reads, a word for each file that is not passed on included."""
    refused = line.unfetched.replace("{files}", line.files.refused_names)
    parts = [line.text, refused if line.files.refused else ""]
    return "\n\n".join(part for part in parts if part)


def named_text(name: str, text: str) -> str:
    r"""Return a text with whose it is before it.

    >>> named_text("Help", "It left."), named_text("Help", "- one\n- two")
    ('**Help:** It left.', '**Help:**\n\n- one\n- two')
    """
    return headed(f"**{name}:**", text)


def headed(head: str, text: str) -> str:
    r"""Return a text below or behind its head: what must begin a line does.

    >>> headed("**Ann** (edited):", "# No"), headed("**Ann** (edited):", "")
    ('**Ann** (edited):\n\n# No', '**Ann** (edited):')
    """
    between = "\n\n" if text.startswith(_BLOCKS) else " "
    return f"{head}{between}{text}" if text else head


def readers_of(connection: Connection, conversation: str) -> Readers:
    """Return who can read a conversation, as far as the platform told."""
    query = select(conversations.c.readers).where(conversations.c.key == conversation)
    told = connection.scalar(query)
    return Readers(told) if told else Readers.OTHERS


def retry(connection: Connection, case: int, post: int, act: Act) -> ActResult:
    """Send again what was given up; only the latest post of a line can be."""
    row = held_case(connection, case)
    if row is None:
        return ActResult(Outcome.UNKNOWN)
    query = select(relays.c.source).where(relays.c.post == post, relays.c.case == case)
    source = connection.scalar(query.where(relays.c.direction == "to_customer"))
    relay = relay_of(connection, source, "to_customer") if source else None
    if relay is None:
        return ActResult(Outcome.AGAIN, case, detail="It was sent again before.")
    again = send_again(connection, post, now=act.at)
    if not again:
        return ActResult(Outcome.UNKNOWN, case, detail="It is on its way, or was deleted.")
    carried_by(connection, relay, again)
    record(connection, row, act, "retry")
    return ActResult(Outcome.DONE, case, row.assignee, again)
