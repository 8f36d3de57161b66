"""All tables of Frontdesk, identical on SQLite and PostgreSQL.

The migrations in `bot/storage/migrations` build exactly this; a test compares the two.
JSON columns are written as ASCII, so that any text fits into them on either engine.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.storage.types import Instant, Prose

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives row numbers by itself to INTEGER keys only.
_Serial = BigInteger().with_variant(Integer, "sqlite")

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
    # The open form and whose it is: gone when that person is forgotten.
    Column("form", JSON(none_as_null=True)),
    Column("form_author", Text, nullable=False, server_default=""),
    Column("expires_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Index(None, "expires_at"),
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
    Column("id", _Serial, primary_key=True),
    Column("conversation", Text, ForeignKey("conversations.key"), nullable=False),
    # The event that was said, or that is answered; one turn of each role for an event.
    Column("event", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Prose, nullable=False),
    # Said to the author alone, though others take part in the conversation.
    Column("private", Boolean, nullable=False, server_default=false()),
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

accepted = Table(
    "accepted",
    metadata,
    # Outlives its event, so that a message which is delivered again is known.
    Column("event", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
    # The key is the row: one tree to write instead of two.
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    # Waiting or being handled; a row leaves when its event is finished or buried.
    Column("seq", _Serial, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("conversation", Text, nullable=False),
    # Addressed to the bot, not merely written in a thread: the bot is about to speak there.
    Column("direct", Boolean, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("accepted_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempt", Integer, nullable=False),
    # Attempts in a row that never ended: whoever had claimed the event died or stalled.
    Column("interrupted", Integer, nullable=False),
    # Those of them in which the event was alone in hand: nothing else can have been the cause.
    Column("interrupted_alone", Integer, nullable=False, server_default="0"),
    # Attempts that ended in an error: how long the next one waits, and when it is the last.
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("token", Text),
    # A post has been begun: it may stand on the platform, though nobody has noted it.
    Column("posting", Boolean, nullable=False, server_default=false()),
    Column("posted", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Index(None, "conversation", "seq"),
    # A number is never given twice, even after its row has left.
    sqlite_autoincrement=True,
)

dead_letters = Table(
    "dead_letters",
    metadata,
    # Given up: kept for staff with the reason.
    Column("id", Text, primary_key=True),
    Column("conversation", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("accepted_at", Instant, nullable=False),
    Column("buried_at", Instant, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    # Posts that answer no event, each written in the transaction of its cause.
    Column("id", _Serial, primary_key=True),
    Column("adapter", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    # What waits for its turn together: the conversation, or the row alone when it is due later.
    Column("lane", Text, nullable=False),
    # What it says, who may see it, and who can read where it will stand.
    Column("payload", JSON, nullable=False),
    # Id of the event or of the act of staff that it comes from.
    Column("cause", Text, nullable=False),
    # Key of the person it is for; empty: no customer.
    Column("author", Text, nullable=False),
    # Made only while the conversation's state has this version; null: whatever it has.
    Column("version", Integer),
    Column("queued_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    # When its first attempt began: how long it has held its conversation.
    Column("begun_at", Instant),
    Column("attempts", Integer, nullable=False),
    # queued | posting (begun, may stand there) | delivered | failed | cancelled
    Column("state", Text, nullable=False),
    Column("platform_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # Who is making it; null: nobody. On PostgreSQL with the number of the worker.
    Column("token", Text),
    Column("worker", BigInteger),
    Index(None, "state", "due_at"),
    Index(None, "lane", "state", "id"),
    Index(None, "queued_at"),
    # A number is never given twice: platforms know posts by it.
    sqlite_autoincrement=True,
)

feedback = Table(
    "feedback",
    metadata,
    # What a customer thinks of an answer.
    Column("id", _Serial, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("message", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("comment", Prose, nullable=False),
    UniqueConstraint("message", "author"),
    Index(None, "at"),
)

cases = Table(
    "cases",
    metadata,
    # What staff should look at; an event gives one case of each kind.
    Column("id", _Serial, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Prose, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    # When staff were told of it in their channel; only of customers who asked for a person.
    Column("told_at", Instant),
    UniqueConstraint("event", "kind"),
    Index(None, "opened_at"),
)

spend = Table(
    "spend",
    metadata,
    # What the model provider was paid; without a person once that person is forgotten.
    Column("id", _Serial, primary_key=True),
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

audit = Table(
    "audit",
    metadata,
    # What staff and admins did; never the identity of somebody who was forgotten.
    Column("id", _Serial, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    Index(None, "at"),
)

pauses = Table(
    "pauses",
    metadata,
    # Where nothing is answered: `platform:app:channel`, or an empty text for everywhere.
    Column("place", Text, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("actor", Text, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    # What staff have been told of and what is not over yet.
    Column("kind", Text, primary_key=True),
    Column("told_at", Instant, nullable=False),
)

timers = Table(
    "timers",
    metadata,
    # Events that come at a time of their own; until then they hold nobody up.
    Column("id", Text, primary_key=True),
    Column("conversation", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("due_at", Instant, nullable=False),
    Index(None, "due_at"),
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
