"""Reads what statistics are made from, in streams: decisions, lines, cases, votes, surveys.

No text of a transcript is read. Everything is in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from bot.decisions import ASIDE, DecisionKind
from bot.storage.tables import (
    cases,
    choices,
    conversations,
    decisions,
    feedback,
    messages,
    surveys,
)

AT_ONCE = 5000
"""Rows that are fetched together."""

HANDED_OVER = ("handoff", "safety")
"""Kinds of cases that hand a customer over to people."""

_NOT_SAID = (*map(str, ASIDE), str(DecisionKind.STAFF))
"""Kinds of decisions about what is no message of a customer."""

_CITING = (str(DecisionKind.GENERATED), str(DecisionKind.QUOTED))


@dataclass(frozen=True, slots=True)
class DecidedMessage:
    """What was decided about a message of a customer.

    Attributes:
        message: Its id.
        conversation, author: Keys.
        sent_at: When the customer wrote it; when it was answered, once its text is deleted.
        at: When it was answered.
        kind: Of the decision.
        intent: The best one; empty for none.
        confidence: In the best intent, calibrated, in [0, 1].
        threshold: Confidence from which an intent was answered.
        citation: Of the best passage, where the answer was made from an article; else empty.
        language: Its BCP 47 tag; may be empty.
        frustrated, pleased: Calibrated probabilities; None where the feeling was not read.
    """

    message: str
    conversation: str
    author: str
    sent_at: datetime
    at: datetime
    kind: str
    intent: str
    confidence: float
    threshold: float
    citation: str
    language: str
    frustrated: float | None
    pleased: float | None


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """A line of a conversation without its text; role: `customer`, `bot` or `staff`."""

    event: str
    conversation: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseTimes:
    """When a case of a customer who was handed over was opened, answered and closed."""

    conversation: str
    author: str
    team: str
    opened_at: datetime
    first_staff_at: datetime | None
    closed_at: datetime | None


def read_decisions(
    connection: Connection, since: datetime, until: datetime
) -> Iterator[DecidedMessage]:
    """Yield what was decided about customers' messages in a period, by the time of the answer."""
    said = (messages.c.event == decisions.c.message) & (messages.c.role == "customer")
    query = (
        select(
            decisions.c.message,
            decisions.c.conversation,
            decisions.c.author,
            func.coalesce(messages.c.at, decisions.c.at, type_=decisions.c.at.type),
            decisions.c.at,
            decisions.c.kind,
            func.coalesce(decisions.c.intents[(0, "name")].as_string(), ""),
            func.coalesce(decisions.c.intents[(0, "confidence")].as_float(), 0.0),
            decisions.c.threshold,
            _citation(),
            decisions.c.language,
            decisions.c.sentiment["frustrated"].as_float(),
            decisions.c.sentiment["pleased"].as_float(),
        )
        .outerjoin_from(decisions, messages, said)
        .where(decisions.c.at >= since, decisions.c.at < until)
        .where(decisions.c.kind.not_in(_NOT_SAID))
        .order_by(decisions.c.at)
    )
    for row in _stream(connection, query):
        yield DecidedMessage(*row)


def _citation() -> ColumnElement[str]:
    """Return the best passage; decisions of other kinds list passages that were not shown."""
    best = decisions.c.passages[(0, "citation")].as_string()
    return case((decisions.c.kind.in_(_CITING), func.coalesce(best, "")), else_="")


def read_lines(connection: Connection, since: datetime) -> Iterator[TranscriptLine]:
    """Yield the lines since a moment that belong to conversations, by conversation and time."""
    aside = select(decisions.c.message).where(
        decisions.c.at >= since, decisions.c.kind.in_(map(str, ASIDE))
    )
    left_out = set(connection.scalars(aside))
    query = (
        select(messages.c.event, messages.c.conversation, messages.c.role, messages.c.at)
        .where(messages.c.at >= since, messages.c.role.in_(("customer", "bot", "staff")))
        .order_by(messages.c.conversation, messages.c.at, messages.c.id)
    )
    for row in _stream(connection, query):
        if row[0] not in left_out:
            yield TranscriptLine(*row)


def read_cases(connection: Connection, since: datetime, until: datetime) -> list[CaseTimes]:
    """Return the cases that were opened in a period, the oldest first."""
    query = (
        select(cases.c.conversation, cases.c.author, cases.c.team, cases.c.opened_at)
        .add_columns(cases.c.first_staff_at, cases.c.closed_at)
        .where(cases.c.kind.in_(HANDED_OVER))
        .where(cases.c.opened_at >= since, cases.c.opened_at < until)
        .order_by(cases.c.opened_at, cases.c.id)
    )
    return [CaseTimes(*row) for row in connection.execute(query)]


def read_votes(connection: Connection, since: datetime) -> dict[str, str]:
    """Return the last verdict on each answer that was judged since a moment, by message."""
    query = select(feedback.c.message, feedback.c.verdict).where(feedback.c.at >= since)
    rows = connection.execute(query.order_by(feedback.c.at, feedback.c.id))
    return {row.message: row.verdict for row in rows}


def read_presses(connection: Connection, since: datetime) -> tuple[dict[str, str], set[str]]:
    """Return what was pressed, as long as buttons are stored.

    Returns:
        The intent that each press of a button chose, by the id of the press; and the ids of the
        messages under whose answers "neither" was pressed.
    """
    query = select(choices.c.message, choices.c.kind, choices.c.value, choices.c.pressed)
    kept = query.where(choices.c.offered_at >= since, choices.c.pressed != "")
    rows = connection.execute(kept).all()
    chosen = {row.pressed: row.value for row in rows if row.kind == "intent"}
    return chosen, {row.message for row in rows if row.kind == "neither"}


def read_scores(
    connection: Connection, since: datetime, until: datetime
) -> list[tuple[str, datetime, int]]:
    """Return conversation, time and score of each survey of a period that was answered."""
    query = (
        select(surveys.c.conversation, surveys.c.asked_at, surveys.c.score)
        .where(surveys.c.asked_at >= since, surveys.c.asked_at < until)
        .where(surveys.c.score.is_not(None))
        .order_by(surveys.c.asked_at, surveys.c.case)
    )
    return [tuple(row) for row in connection.execute(query)]


def read_direct(connection: Connection, since: datetime) -> set[str]:
    """Return the conversations since a moment that one person alone can read."""
    query = select(conversations.c.key).where(
        conversations.c.latest_at >= since, conversations.c.readers == "author"
    )
    return set(connection.scalars(query))


@dataclass(frozen=True, slots=True)
class Feelings:
    """How many messages had their feeling read, and how many of them were frustrated."""

    read: int
    frustrated: int


def count_feelings(connection: Connection, since: datetime, until: datetime) -> Feelings:
    """Count the feelings of customers' messages in a period, see `Sentiment.feeling`."""
    felt = decisions.c.sentiment["frustrated"].as_float()
    pleased = decisions.c.sentiment["pleased"].as_float()
    frustrated = (felt > pleased) & (felt > 1 - felt - pleased)
    query = select(func.count(felt), func.count().filter(frustrated)).where(
        decisions.c.at >= since, decisions.c.at < until, decisions.c.kind.not_in(_NOT_SAID)
    )
    return Feelings(*connection.execute(query).one())


def _stream(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Any]]:
    """Yield rows, some thousands at a time in memory."""
    yield from connection.execute(query.execution_options(yield_per=AT_ONCE))
