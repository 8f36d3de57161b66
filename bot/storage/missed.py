"""Messages that the bot missed: not answered, answered wrongly, or answered by members of staff."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.conversations.attachments import without_attachments
from bot.conversations.key import AuthorKey
from bot.messages import DecisionKind
from bot.storage.engine import Database
from bot.storage.questions import (
    ASKED_OPENLY,
    UNDERSTOOD,
    acted_as_staff,
    person_of,
)
from bot.storage.tables import choices, conversations, decisions, feedback, messages, unanswered

_QUIET = frozenset({DecisionKind.SILENT, DecisionKind.HANDOFF})
"""Decisions by which a person answers: the bot may know the answer very well."""


class Miss(StrEnum):
    """Why a message counts as missed."""

    UNANSWERED = "not answered"
    WRONG = "answered wrongly"
    BY_STAFF = "answered by staff"


@dataclass(frozen=True, slots=True)
class MissedMessage:
    """A message.

    Attributes:
        author: Whoever wrote it: platform and id, or what a file names them.
        at: When it was sent; None where it comes from a file.
        language: The language that it was answered in, as a BCP 47 tag; empty when not known.
        answer: What staff answered; empty where they did not.
        quiet: Whether the bot left it to a person, and may know the answer very well.
        event: Its id; empty where it comes from a file.
    """

    text: str
    author: tuple[str, str]
    why: Miss
    at: datetime | None = None
    language: str = ""
    answer: str = ""
    quiet: bool = False
    event: str = ""


async def missed_messages(
    database: Database, *, since: datetime, staff: Iterable[AuthorKey]
) -> list[MissedMessage]:
    """Return the messages since a moment that were missed, the latest first.

    Left out are messages of staff, messages in places that only staff read, private turns, presses
    of buttons, several requests in one message, and a question in several lines.

    Args:
        database: Holds the transcripts.
        since: Older messages are left out.
        staff: Known members of staff; whoever acted as one counts as well.
    """
    listed = {(key.platform, key.user_id) for key in staff}

    def look(connection: Connection) -> list[MissedMessage]:
        known = listed | set(acted_as_staff(connection))
        found = {each.event: each for each in _kept_for_staff(connection, since)}
        wrong = {event for query in _WRONG for event in connection.scalars(query)}
        answers = _staff_answers(connection, since)
        chosen = set(connection.scalars(_CHOSEN))
        for row in connection.execute(_DECIDED.where(messages.c.at >= since)):
            if (missed := _missed(row, wrong, answers, chosen)) is not None:
                found[missed.event] = missed
        kept = [each for each in found.values() if each.author not in known and each.text.strip()]
        return sorted(kept, key=lambda each: (each.at or since, each.event), reverse=True)

    return await database.query(look)


_WRONG = (
    select(feedback.c.message).where(feedback.c.verdict == "down"),
    select(choices.c.message).where(choices.c.kind == "neither", choices.c.pressed != ""),
)
"""Messages whose answer got a thumb down, and those where neither offer was meant."""

_CHOSEN = select(choices.c.message).where(choices.c.pressed != "")
"""Messages under whose answer somebody pressed a button."""

_DECIDED = (
    select(messages.c.event, messages.c.text, messages.c.author, messages.c.at)
    .add_columns(decisions.c.kind, decisions.c.language, decisions.c.parts)
    .join(decisions, decisions.c.message == messages.c.event)
    .join(conversations, conversations.c.key == messages.c.conversation)
    .where(
        *ASKED_OPENLY,
        decisions.c.kind.in_([kind.value for kind in (*UNDERSTOOD, *sorted(_QUIET))]),
    )
)


def _missed(
    row: Row[Any], wrong: Collection[str], answers: Mapping[str, str], chosen: Collection[str]
) -> MissedMessage | None:
    """Return a message if it was missed: asked about and not chosen is not answered either."""
    author = person_of(row.author)
    if row.parts or author is None:
        return None
    if row.event in wrong:
        why = Miss.WRONG
    elif row.event in answers:
        why = Miss.BY_STAFF
    elif row.kind == DecisionKind.UNKNOWN or (
        row.kind == DecisionKind.CLARIFY and row.event not in chosen
    ):
        why = Miss.UNANSWERED
    else:
        return None
    return MissedMessage(
        without_attachments(row.text),
        author,
        why,
        row.at,
        row.language,
        answers.get(row.event, ""),
        row.kind in _QUIET and why is Miss.BY_STAFF,
        row.event,
    )


def _kept_for_staff(connection: Connection, since: datetime) -> Iterator[MissedMessage]:
    """Yield questions in channels with `support: true`; personal data is replaced already."""
    for row in connection.execute(select(unanswered).where(unanswered.c.asked_at >= since)):
        if (author := person_of(row.author)) is not None:
            yield MissedMessage(
                row.text,
                author,
                Miss.UNANSWERED,
                row.asked_at,
                row.language,
                event=row.event,
            )


def _staff_answers(connection: Connection, since: datetime) -> dict[str, str]:
    """Return what staff wrote after customers' messages, by the id of the last one before it."""
    lines = (
        select(messages.c.conversation, messages.c.event, messages.c.role, messages.c.text)
        .where(
            messages.c.at >= since,
            messages.c.role.in_(["customer", "staff"]),
            messages.c.conversation.in_(
                select(messages.c.conversation).where(messages.c.role == "staff")
            ),
        )
        .order_by(messages.c.conversation, messages.c.id)
    )
    answers: dict[str, list[str]] = {}
    asked: dict[str, str] = {}
    for row in connection.execute(lines):
        if row.role == "customer":
            asked[row.conversation] = row.event
        elif (event := asked.get(row.conversation)) is not None:
            answers.setdefault(event, []).append(without_attachments(row.text))
    return {event: "\n".join(texts) for event, texts in answers.items()}
