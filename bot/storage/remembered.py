"""What is remembered of a conversation: all of it, or what came after a person's part in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, exists, select

from bot.conversations.attachments import without_attachments
from bot.conversations.transcript import Conversation, EarlierDecision, TranscriptEntry
from bot.messages import Author
from bot.sentiment import Sentiment
from bot.storage.moves import MOVE, end_of_human, remembered_since
from bot.storage.tables import decisions, messages, people

REMEMBERED = 20
"""Number of turns of a person in a conversation that the responder reads, and ..."""

LOOKED_AT = 40
"""... number of lines, of everybody, among which they are."""

REMEMBERED_DECISIONS = 4
"""Number of decisions of a conversation that the responder reads: a follow-up rarely leans on more
than the last two."""


def remembered(connection: Connection, key: str, author: Author, without: str) -> Conversation:
    """Return what is remembered of a conversation; see `StoredTranscripts.conversation`."""
    end = end_of_human(connection, key)
    since = remembered_since(end)
    lines = [
        TranscriptEntry(*row)
        for row in connection.execute(_latest(key, author.key, without).where(since))
    ][::-1]
    decided = connection.execute(_decided(key, author.key).where(since))
    earlier = tuple(_earlier(row) for row in decided)
    own = _own(lines, author.key)
    if end is not None and end.summary and _began(connection, key) == author.key:
        own = (TranscriptEntry("staff", end.summary, end.at, author=end.actor), *own)
    return Conversation(
        key,
        own,
        connection.scalar(_introduced(author.key, without)) is not None,
        connection.scalar(_spoken(key, author.key, without)) or "",
        earlier[::-1],
        tuple(lines),
    )


def _latest(key: str, author: str, without: str) -> Select[Any]:
    """Return the query for the latest lines of everybody, the latest first."""
    heard = ~messages.c.private | (messages.c.author == author)
    heard &= messages.c.event != without
    if without:
        heard &= messages.c.answered_by != without
    return (
        select(messages.c.role, messages.c.text, messages.c.at)
        .add_columns(messages.c.private, messages.c.author)
        .where(messages.c.conversation == key, heard)
        .order_by(messages.c.id.desc())
        .limit(LOOKED_AT)
    )


def _decided(key: str, author: str) -> Select[Any]:
    """Return the query for what was decided about a person's latest messages."""
    return (
        select(messages.c.text, decisions.c.kind, decisions.c.intents, decisions.c.passages)
        .add_columns(decisions.c.parts, messages.c.private, decisions.c.sentiment)
        .join(decisions, decisions.c.message == messages.c.event)
        .where(messages.c.conversation == key, messages.c.role == "customer")
        .where(messages.c.author == author)
        .order_by(messages.c.id.desc())
        .limit(REMEMBERED_DECISIONS)
    )


def _spoken(key: str, author: str, without: str) -> Select[Any]:
    """Return the query for the language of a person's latest message, else the conversation's."""
    last = (
        select(messages.c.event)
        .where(messages.c.conversation == key, messages.c.event != without)
        .where(messages.c.role != MOVE)
        .order_by((messages.c.author == author).desc(), messages.c.id.desc())
        .limit(1)
    )
    latest = decisions.c.message == last.scalar_subquery()
    return select(decisions.c.language).where(latest).limit(1)


def _began(connection: Connection, key: str) -> str:
    """Return who was the first customer in a conversation."""
    first = (
        select(messages.c.author)
        .where(messages.c.conversation == key, messages.c.role == "customer")
        .order_by(messages.c.id)
        .limit(1)
    )
    return connection.scalar(first) or ""


def _introduced(author: str, without: str) -> Select[Any]:
    """Return the query for when a person was told that an AI assistant answers.

    An answer that is made again may be the one that told it.
    """
    again = exists().where(
        messages.c.event == without,
        messages.c.role == "bot",
        messages.c.at == people.c.introduced_at,
    )
    return select(people.c.introduced_at).where(people.c.key == author, ~again)


def _own(lines: Sequence[TranscriptEntry], author: str) -> tuple[TranscriptEntry, ...]:
    """Return the turns of a person among the lines of everybody, see `Conversation`."""
    shared = any(line.role == "customer" and line.author != author for line in lines)
    own = [line for line in lines if line.author == author or (line.role == "staff" and not shared)]
    return tuple(own[-REMEMBERED:])


def _earlier(row: Sequence[Any]) -> EarlierDecision:
    """Return an earlier decision from its row, in the order of the query."""
    question, kind, intents, passages, parts, private, felt = row
    ranked = [part["intents"] for part in parts] if parts else [intents]
    first = tuple(each[0]["name"] for each in ranked if each)
    cited = tuple(passage["citation"] for passage in passages)
    sentiment = Sentiment(**felt) if felt else None
    asked = without_attachments(question)
    return EarlierDecision(asked, kind, first, cited, private, sentiment)
