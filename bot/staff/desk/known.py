"""What is stored of a conversation when its case is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.conversations.attachments import attachments_in, without_attachments
from bot.messages import Message
from bot.storage.case_threads import ON_PEOPLE
from bot.storage.forms import form_of
from bot.storage.moves import end_of_human, remembered_since
from bot.storage.tables import cases, decisions, messages

LINES = 40
"""Lines of a conversation that are read."""

DECISIONS = 3
"""Decisions that are shown."""

CASES = 3
"""Earlier cases that are shown."""


@dataclass(frozen=True, slots=True)
class KnownDecision:
    """A decision: `answered order_status (0.93)` and its reasons."""

    kind: str
    intent: str
    confidence: float
    reasons: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class KnownCase:
    """An earlier case of the same customer."""

    number: int
    trigger: str
    opened_at: datetime
    closed_at: datetime | None
    closing: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of a conversation.

    Attributes:
        said: What the customer wrote before, the oldest first.
        decisions: The latest ones, the latest last.
        earlier: Cases of the customer, the latest first.
        files: What was sent in the conversation, as lines of the transcript.
        slots: Of the form that is open.
    """

    said: tuple[str, ...] = ()
    decisions: tuple[KnownDecision, ...] = ()
    earlier: tuple[KnownCase, ...] = ()
    files: tuple[str, ...] = ()
    slots: Mapping[str, str] | None = None


def known_of(connection: Connection, message: Message, case: int) -> Known:
    """Return what is stored of a message's conversation, since the last person's part in it."""
    since = remembered_since(end_of_human(connection, message.conversation))
    own = (messages.c.conversation == message.conversation) & since
    own &= (messages.c.author == message.author.key) & (messages.c.event != message.id)
    query = select(messages.c.text, messages.c.id).where(own, messages.c.role == "customer")
    rows = connection.execute(query.order_by(messages.c.id.desc()).limit(LINES)).all()[::-1]
    return Known(
        tuple(without_attachments(row.text) for row in rows),
        _decisions(connection, message),
        _cases(connection, message, case),
        tuple(each for row in rows for each in attachments_in(row.text)),
        _slots(connection, message),
    )


def _decisions(connection: Connection, message: Message) -> tuple[KnownDecision, ...]:
    query = select(decisions).where(
        decisions.c.conversation == message.conversation,
        decisions.c.author == message.author.key,
        decisions.c.message != message.id,
        decisions.c.kind.not_in(("silent", "staff", "command", "declined", "feedback")),
    )
    rows = connection.execute(query.order_by(decisions.c.at.desc()).limit(DECISIONS)).all()
    return tuple(
        KnownDecision(
            row.kind,
            row.intents[0]["name"] if row.intents else "",
            row.intents[0]["confidence"] if row.intents else 0.0,
            tuple(row.reasons),
            row.at,
        )
        for row in rows[::-1]
    )


def _cases(connection: Connection, message: Message, case: int) -> tuple[KnownCase, ...]:
    query = select(cases).where(
        cases.c.author == message.author.key, cases.c.kind.in_(ON_PEOPLE), cases.c.id != case
    )
    rows = connection.execute(query.order_by(cases.c.id.desc()).limit(CASES)).all()
    return tuple(
        KnownCase(row.id, row.trigger or row.kind, row.opened_at, row.closed_at, row.closing)
        for row in rows
    )


def _slots(connection: Connection, message: Message) -> Mapping[str, str]:
    form = form_of(connection, message.conversation, message.author.key)
    return {} if form is None else {name: each.shown for name, each in form.slots.items()}
