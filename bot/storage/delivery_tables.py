"""Tables of delivery: what was accepted, waits, failed or goes out."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    Table,
    Text,
    false,
)

from bot.storage.metadata import Serial, metadata
from bot.storage.types import Instant

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
    Column("seq", Serial, primary_key=True),
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
    # What it answers has changed since it was claimed: it is to be claimed again.
    Column("superseded", Boolean, nullable=False, server_default=false()),
    # Its message was deleted: it is not answered, and what was posted is taken back.
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    # The event that is answered together with it, under whose id; empty: it alone.
    Column("covered_by", Text, nullable=False, server_default=""),
    # What it waits for its turn with: a key of its own for a timer; empty: its conversation.
    Column("lane", Text, nullable=False, server_default=""),
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
    Column("id", Serial, primary_key=True),
    Column("adapter", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    # What waits for its turn together: the conversation, or the row alone when it is due later.
    Column("lane", Text, nullable=False),
    # What it says, who may see it, who can read where it will stand, its buttons and files.
    Column("payload", JSON, nullable=False),
    # post | thread (opens the thread of its case) | edit | delete | mark
    Column("kind", Text, nullable=False, server_default="post"),
    # It stands in the thread of this case; 0: of none.
    Column("case", Integer, nullable=False, server_default="0"),
    # The earlier post that it edits, deletes or marks; 0: none.
    Column("target", Integer, nullable=False, server_default="0"),
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
