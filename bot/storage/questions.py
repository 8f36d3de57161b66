"""Customers' questions: with their predicted intents, for labelling; or to learn from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, union

from bot.conversations.attachments import without_attachments
from bot.conversations.key import AuthorKey
from bot.messages import DecisionKind, Readers
from bot.storage.engine import Database
from bot.storage.tables import (
    audit,
    choices,
    conversation_states,
    conversations,
    decisions,
    messages,
)

_line = messages.alias("line")
ANSWERED_WITH_OTHERS = select(_line.c.answered_by).where(_line.c.answered_by != "")
"""Messages that several lines were answered under: each says a part of the question."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A message of a customer.

    Attributes:
        understood: The most likely intent.
    """

    text: str
    understood: str


async def asked(database: Database, *, since: datetime) -> list[AskedQuestion]:
    """Return the classified messages since a moment, oldest first.

    What chose a button, such as "the second one", says nothing about its intent and is left out,
    as is a question in several lines.
    """
    ranked = (
        select(messages.c.text, decisions.c.intents)
        .join(decisions, decisions.c.message == messages.c.event)
        .where(
            messages.c.role == "customer",
            messages.c.at >= since,
            messages.c.event.not_in(select(choices.c.pressed)),
            messages.c.event.not_in(ANSWERED_WITH_OTHERS),
        )
        .order_by(messages.c.id)
    )

    def look(connection: Connection) -> list[AskedQuestion]:
        return [
            AskedQuestion(without_attachments(text), intents[0]["name"])
            for text, intents in connection.execute(ranked)
            if intents
        ]

    return await database.query(look)


UNDERSTOOD = (
    DecisionKind.INTENT,
    DecisionKind.CLARIFY,
    DecisionKind.RECOMMEND,
    DecisionKind.GENERATED,
    DecisionKind.QUOTED,
    DecisionKind.UNKNOWN,
)
"""Decisions about a question: not about an answer in a form, an emergency, a command or a press."""


@dataclass(frozen=True, slots=True)
class CustomerQuestion:
    """A question that a customer asked in their own words.

    Attributes:
        author: `platform:workspace:user_id`.
        at: When it was sent, UTC.
        language: The language that it was answered in, as a BCP 47 tag.
    """

    text: str
    author: str
    at: datetime
    language: str


async def customer_questions(
    database: Database, *, since: datetime, staff: Iterable[AuthorKey]
) -> list[CustomerQuestion]:
    """Return the questions since a moment that may be learned from, the latest first.

    Left out are messages of staff, messages in places that only staff read, private turns, several
    requests in one message, a question in several lines, and everything that is no question, see
    `UNDERSTOOD`.

    Args:
        database: Holds the transcripts.
        since: Older messages are left out.
        staff: Known members of staff; whoever acted as one counts as well.
    """
    query = _QUESTIONS.where(messages.c.at >= since)
    listed = {(key.platform, key.user_id) for key in staff}

    def look(connection: Connection) -> list[CustomerQuestion]:
        known = listed | set(acted_as_staff(connection))
        return [
            CustomerQuestion(without_attachments(row.text), row.author, row.at, row.language)
            for row in connection.execute(query)
            if row.intents and not row.parts and person_of(row.author) not in known
        ]

    return await database.query(look)


ASKED_OPENLY = (
    messages.c.role == "customer",
    ~messages.c.private,
    conversations.c.readers != Readers.STAFF.value,
    messages.c.event.not_in(select(choices.c.pressed)),
    messages.c.event.not_in(ANSWERED_WITH_OTHERS),
)
"""Conditions of a customer's message that was typed, not pressed, answered by itself and openly,
and not where staff alone read: nothing else leaves its conversation."""

_QUESTIONS = (
    select(messages.c.text, messages.c.author, messages.c.at)
    .add_columns(decisions.c.language, decisions.c.intents, decisions.c.parts)
    .join(decisions, decisions.c.message == messages.c.event)
    .join(conversations, conversations.c.key == messages.c.conversation)
    .where(
        *ASKED_OPENLY,
        decisions.c.kind.in_([kind.value for kind in UNDERSTOOD]),
    )
    .order_by(messages.c.at.desc(), messages.c.id.desc())
)


def acted_as_staff(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield who spoke in a customer's thread, took over a conversation, or used staff commands."""
    acted = union(
        select(messages.c.author).where(messages.c.role == "staff"),
        select(conversation_states.c.assignee),
        select(audit.c.actor),
    )
    for key in connection.scalars(acted):
        if person := person_of(key):
            yield person


def person_of(key: str) -> tuple[str, str] | None:
    """Return platform and id of a person; None for `cli:USER` and the like."""
    try:
        parsed = AuthorKey.parse(key)
    except ValueError:
        return None
    return parsed.platform, parsed.user_id
