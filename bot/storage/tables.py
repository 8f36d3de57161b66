"""All tables of Frontdesk, identical on SQLite and PostgreSQL.

The migrations in `bot/storage/migrations` build exactly this; a test compares the two.
JSON columns are written as ASCII, so that any text fits into them on either engine.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.storage.delivery_tables import accepted, dead_letters, events, outbox, timers
from bot.storage.form_tables import action_calls, codes, forms, proofs, wishes
from bot.storage.metadata import Serial, metadata
from bot.storage.staff_tables import (
    alerts,
    audit,
    cases,
    notices,
    pauses,
    relays,
    surveys,
    unanswered,
)
from bot.storage.types import Instant, Prose

__all__ = [
    "accepted",
    "action_calls",
    "alerts",
    "answers",
    "audit",
    "cases",
    "choices",
    "codes",
    "conversation_states",
    "conversations",
    "dead_letters",
    "decisions",
    "events",
    "feedback",
    "first_starts",
    "forms",
    "messages",
    "metadata",
    "notices",
    "outbox",
    "pauses",
    "people",
    "probes",
    "proofs",
    "relays",
    "spend",
    "surveys",
    "timers",
    "unanswered",
    "wishes",
]

conversations = Table(
    "conversations",
    metadata,
    Column("key", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("latest_at", Instant, nullable=False),
    # The bot has said something here: follow-ups in a thread are meant for it.
    Column("spoken", Boolean, nullable=False),
    # Who can read there, as the platform said with the latest message; empty: it never did.
    Column("readers", Text, nullable=False, server_default=""),
)

conversation_states = Table(
    "conversation_states",
    metadata,
    # Who answers in a conversation; without a row, the bot does.
    Column("conversation", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    # Key of the member of staff; empty unless a person owns the conversation.
    Column("assignee", Text, nullable=False),
    Column("team", Text, nullable=False),
    # Every change is a compare-and-set on it.
    Column("version", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("key", Text, primary_key=True),
    Column("locale", Text, nullable=False),
    # When the person was first answered, and so told that an AI assistant answers.
    Column("introduced_at", Instant),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("conversation", Text, ForeignKey("conversations.key"), nullable=False),
    # The event that was said, or that is answered; one turn of each role for an event.
    Column("event", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Prose, nullable=False),
    # Said to the author alone, though others take part in the conversation.
    Column("private", Boolean, nullable=False, server_default=false()),
    # The event that was answered together with it, under whose id; empty: it alone.
    Column("answered_by", Text, nullable=False, server_default=""),
    # How often the answer was made again because its author changed the message.
    Column("revision", Integer, nullable=False, server_default="0"),
    # When its author last changed what the text says; null: never.
    Column("edited_at", Instant),
    # The platform's ids of the messages that an answer stands in; null where nobody noted them.
    Column("posted", JSON(none_as_null=True)),
    # Of a move that ends a person's part: what the bot remembers of it; null: it ends none.
    Column("summary", Prose),
    Column("at", Instant, nullable=False),
    UniqueConstraint("event", "role"),
    Index(None, "conversation", "id"),
    Index(None, "author"),
    Index(None, "at"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("message", Text, nullable=False),
    Column("conversation", Text, ForeignKey("conversations.key"), nullable=False),
    # Whose message it was: outlives the transcript, and is found when the person is forgotten.
    Column("author", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("intents", JSON, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("passages", JSON, nullable=False),
    Column("language", Text, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("intents_hash", Text, nullable=False),
    Column("cost", Float, nullable=False),
    Column("milliseconds", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    # One for each request in the message; null where there was one, which the row itself tells.
    Column("parts", JSON),
    # How likely the customer was frustrated, and pleased; null where it was not read.
    Column("sentiment", JSON),
    Index(None, "message"),
    Index(None, "conversation"),
    Index(None, "at"),
)

choices = Table(
    "choices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("message", Text, nullable=False),
    Column("label", Prose, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("question", Prose, nullable=False),
    Column("language", Text, nullable=False),
    Column("offered_at", Instant, nullable=False),
    # The press that was answered; further ones are not.
    Column("pressed", Text, nullable=False, server_default=""),
    Index(None, "offered_at"),
)

feedback = Table(
    "feedback",
    metadata,
    # What a customer thinks of an answer.
    Column("id", Serial, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("message", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("comment", Prose, nullable=False),
    UniqueConstraint("message", "author"),
    Index(None, "at"),
)

spend = Table(
    "spend",
    metadata,
    # What the model provider was paid; without a person once that person is forgotten.
    Column("id", Serial, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("message", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
    Column("cost", Float, nullable=False),
    Column("conversation", Text, nullable=False, server_default=""),
    # platform:app:channel
    Column("channel", Text, nullable=False, server_default=""),
    # The provider did not tell how many tokens it counted.
    Column("estimated", Boolean, nullable=False, server_default=false()),
    Index(None, "at"),
)

answers = Table(
    "answers",
    metadata,
    # What GPT answered and may answer again, under a hash of all that it depends on; never of a
    # question or an answer with personal data.
    Column("key", Text, primary_key=True),
    Column("pieces", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("kept_at", Instant, nullable=False),
    Column("used", Integer, nullable=False),
    Index(None, "kept_at"),
)

first_starts = Table(
    "first_starts",
    metadata,
    # When each source of messages (`platform:app`) was first listened to: what was
    # written there before is never caught up with.
    Column("source", Text, primary_key=True),
    Column("at", Instant, nullable=False),
)

probes = Table(
    "probes",
    metadata,
    # One row, written now and then: whether the database takes writes, only a write can tell.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
)
