"""What was said and decided, by conversation."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, exists, func, select

from bot.messages import Author, Conversation, Decision, Event, Message, Turn
from bot.ports import Outcome
from bot.storage.dialect import insert
from bot.storage.engine import Database
from bot.storage.tables import conversations, decisions, events, messages, people

REMEMBERED = 20
"""Turns of a conversation that are given to the responder."""


class StoredTranscripts:
    """The `Transcripts` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def conversation(self, key: str, author: Author) -> Conversation:
        """Return the latest turns of a conversation; an unknown key gives an empty one."""
        latest = (
            select(messages.c.role, messages.c.text, messages.c.at)
            .where(messages.c.conversation == key)
            .order_by(messages.c.id.desc())
            .limit(REMEMBERED)
        )
        introduced = select(people.c.introduced_at).where(people.c.key == author.key)

        def look(connection: Connection) -> Conversation:
            turns = tuple(Turn(*row) for row in connection.execute(latest))
            introduced_at = connection.scalar(introduced)
            return Conversation(key, turns[::-1], introduced=introduced_at is not None)

        return await self._database.query(look)

    async def speaks_in(self, key: str) -> bool:
        """Tell whether the bot has spoken in a conversation, or is about to."""
        spoken = exists().where(conversations.c.key == key, conversations.c.spoken)
        coming = exists().where(events.c.conversation == key, events.c.direct)
        either = select(spoken | coming)
        return await self._database.query(lambda connection: bool(connection.scalar(either)))


def record(connection: Connection, event: Event, outcome: Outcome, at: datetime) -> None:
    """Write the turns of one event and the decision about it; once, however often called.

    Args:
        connection: In the transaction that finishes the event.
        event: What was answered.
        outcome: The answer.
        at: When it was answered.
    """
    message = event.message
    spoke = bool(outcome.reply)
    _touch_conversation(connection, message, spoke=spoke, at=at)
    _touch_person(connection, message.author, introduced_at=at if spoke else None)
    turns = [{"role": "customer", "text": message.text, "at": message.sent_at}]
    if spoke:
        turns.append({"role": "bot", "text": outcome.reply, "at": at})
    shared = {
        "conversation": message.conversation,
        "event": message.id,
        "author": message.author.key,
    }
    for turn in turns:
        connection.execute(
            insert(connection, messages).values(**shared, **turn).on_conflict_do_nothing()
        )
    _record_decision(connection, message, outcome.decision, at)


def _touch_conversation(
    connection: Connection, message: Message, *, spoke: bool, at: datetime
) -> None:
    fresh = insert(connection, conversations).values(
        key=message.conversation, started_at=message.sent_at, latest_at=at, spoken=spoke
    )
    known = {"latest_at": at, "spoken": conversations.c.spoken | fresh.excluded.spoken}
    connection.execute(fresh.on_conflict_do_update(index_elements=["key"], set_=known))


def _touch_person(
    connection: Connection, author: Author, *, introduced_at: datetime | None
) -> None:
    fresh = insert(connection, people).values(
        key=author.key, locale=author.locale, introduced_at=introduced_at
    )
    known = {
        "locale": author.locale,
        "introduced_at": func.coalesce(people.c.introduced_at, fresh.excluded.introduced_at),
    }
    connection.execute(fresh.on_conflict_do_update(index_elements=["key"], set_=known))


def _record_decision(
    connection: Connection, message: Message, decision: Decision, at: datetime
) -> None:
    row = asdict(decision) | {
        "message": decision.message_id,
        "conversation": message.conversation,
        "author": message.author.key,
        "at": at,
        "kind": str(decision.kind),
    }
    del row["message_id"]
    connection.execute(insert(connection, decisions).values(**row).on_conflict_do_nothing())
