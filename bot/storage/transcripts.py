"""Stored transcripts and decisions, by conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, case, exists, func, select, union_all

from bot.conversations.attachments import with_attachments
from bot.conversations.transcript import Conversation
from bot.messages import ASIDE, Addressing, Author, Decision, DecisionKind, Event, Message, Received
from bot.ports import EventOutcome
from bot.storage.dialect import Prepared
from bot.storage.engine import Database
from bot.storage.remembered import remembered
from bot.storage.tables import (
    conversation_states,
    conversations,
    decisions,
    events,
    messages,
    people,
)


class StoredTranscripts:
    """The `Transcripts` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def conversation(self, key: str, author: Author, *, without: str = "") -> Conversation:
        """Return the latest turns and decisions of a conversation; none for an unknown key.

        Private turns of other people are left out, with what was decided about them. After a
        person's part has ended nothing that came before is remembered but what they closed with.
        """
        return await self._database.query(lambda it: remembered(it, key, author, without))

    async def bot_participates(self, key: str) -> bool:
        """Return whether the bot has posted in a conversation, is about to, or has handed it on."""
        spoken = exists().where(conversations.c.key == key, conversations.c.spoken)
        coming = exists().where(events.c.conversation == key, events.c.direct)
        moved = exists().where(conversation_states.c.conversation == key)
        either = select(spoken | coming | moved)
        return await self._database.query(lambda connection: bool(connection.scalar(either)))

    async def place_of(self, message_id: str) -> str | None:
        """Return the conversation of a stored message, answered or not; None: it is not stored."""
        waiting = select(events.c.conversation).where(events.c.id == message_id)
        answered = select(messages.c.conversation).where(messages.c.event == message_id)
        either = union_all(waiting, answered).limit(1)
        return await self._database.query(lambda connection: connection.scalar(either))


def record(
    connection: Connection, answered: Sequence[tuple[Event, EventOutcome]], at: datetime
) -> None:
    """Store the turns and decisions of events; idempotent.

    Rows that several processes may write concurrently are written in the same order by all, so
    that they cannot deadlock.

    Args:
        connection: In the transaction that finishes the events.
        answered: The events with their outcomes.
        at: When they were answered.
    """
    # what is thought of an answer is stored with the answer, and nothing that was said
    answered = [each for each in answered if each[1].decision.kind is not DecisionKind.FEEDBACK]
    if not answered:
        return
    _touch_conversations(connection, answered, at)
    _touch_people(connection, answered, at)
    turns = [turn for event, outcome in answered for turn in _turns(event.message, outcome, at)]
    if turns:
        connection.execute(_SAY.on(connection), turns)
    decided = [_decision(event.message, outcome.decision, at) for event, outcome in answered]
    connection.execute(_DECIDE.on(connection), decided)


_CONVERSE = Prepared(
    conversations,
    lambda fresh: fresh.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "latest_at": fresh.excluded.latest_at,
            "spoken": conversations.c.spoken | fresh.excluded.spoken,
            # presses and commands do not report who can read their channel
            "readers": case(
                (fresh.excluded.readers == "", conversations.c.readers),
                else_=fresh.excluded.readers,
            ),
        },
    ),
)
_MEET = Prepared(
    people,
    lambda fresh: fresh.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "locale": fresh.excluded.locale,
            "introduced_at": func.coalesce(people.c.introduced_at, fresh.excluded.introduced_at),
        },
    ),
)
_SAY = Prepared(messages, lambda fresh: fresh.on_conflict_do_nothing())
_DECIDE = Prepared(decisions, lambda fresh: fresh.on_conflict_do_nothing())


def _touch_conversations(
    connection: Connection, answered: Sequence[tuple[Event, EventOutcome]], at: datetime
) -> None:
    rows = [
        {
            "key": event.message.conversation,
            "started_at": event.message.sent_at,
            "latest_at": at,
            "spoken": _answers(outcome) and not event.message.apart,
            "readers": _readers(event),
        }
        for event, outcome in answered
    ]
    connection.execute(_CONVERSE.on(connection), sorted(rows, key=itemgetter("key")))


def _touch_people(
    connection: Connection, answered: Sequence[tuple[Event, EventOutcome]], at: datetime
) -> None:
    rows = [
        {
            "key": event.message.author.key,
            "locale": event.message.author.locale,
            "introduced_at": at if _answers(outcome) else None,
        }
        for event, outcome in answered
    ]
    connection.execute(_MEET.on(connection), sorted(rows, key=itemgetter("key")))


def _answers(outcome: EventOutcome) -> bool:
    """Return whether the bot said something that belongs to the conversation."""
    return bool(outcome.reply) and outcome.decision.kind not in ASIDE


def _readers(event: Event) -> str:
    """Return who can read an event's channel; empty when the event does not report it."""
    is_known = isinstance(event, Received) and not event.message.unseen
    return str(event.message.readers) if is_known else ""


def _turns(message: Message, outcome: EventOutcome, at: datetime) -> list[dict[str, Any]]:
    """Return the turns of a message as rows.

    What was said in a channel to nobody in particular, and was not answered, is not stored.
    """
    kind = outcome.decision.kind
    if message.addressing is Addressing.AMBIENT and not outcome.reply:
        return []
    shared = {
        "conversation": message.conversation,
        "author": message.author.key,
        "private": message.apart or kind in ASIDE,
        "revision": message.revision,
        "posted": None,
        "edited_at": None,
        "answered_by": "",
    }
    role = "staff" if kind is DecisionKind.STAFF else "customer"
    turns = []
    for line in outcome.covers or (message,):
        by = "" if line.id == message.id else message.id
        said = {
            "event": line.id,
            "role": role,
            "text": with_attachments(line.text, line.attachments),
            "at": line.sent_at,
        }
        turns.append(shared | said | {"answered_by": by, "edited_at": line.edited_at})
    if outcome.reply:
        private = message.apart or outcome.private or kind in ASIDE
        reply = {"event": message.id, "role": "bot", "text": outcome.reply, "at": at}
        turns.append(shared | reply | {"private": private, "posted": list(outcome.posted)})
    return turns


def _decision(message: Message, decision: Decision, at: datetime) -> dict[str, Any]:
    """Return a decision as a row."""
    row = {field.name: getattr(decision, field.name) for field in fields(decision)}
    del row["message_id"]
    return row | {
        "message": decision.message_id,
        "conversation": message.conversation,
        "author": message.author.key,
        "at": at,
        "kind": str(decision.kind),
        "intents": [asdict(intent) for intent in decision.intents],
        "passages": [asdict(passage) for passage in decision.passages],
        "milliseconds": dict(decision.milliseconds),
        "parts": _parts(decision),
        "sentiment": asdict(decision.sentiment) if decision.sentiment else None,
    }


def _parts(decision: Decision) -> list[dict[str, Any]] | None:
    """Return the parts of a decision about several requests; None when there was one."""
    if len(decision.parts) == 1:
        return None
    return [asdict(part) | {"kind": str(part.kind)} for part in decision.parts]
