"""Tables of the staff: cases, relayed lines, surveys, pauses, alerts and the audit."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, Table, Text, UniqueConstraint, text

from bot.storage.metadata import Serial, metadata
from bot.storage.types import Instant, Prose

cases = Table(
    "cases",
    metadata,
    # What staff should look at; an event gives one case of each kind.
    Column("id", Serial, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Prose, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    # When staff were told of it in their channel; only of customers who are handed over.
    Column("told_at", Instant),
    # From here on only of customers who are handed over (kinds `handoff` and `safety`): the team
    # that is asked, what led to it, and the inside thread of the case, as a conversation key.
    Column("team", Text, nullable=False, server_default=""),
    Column("trigger", Text, nullable=False, server_default=""),
    Column("thread", Text, nullable=False, server_default=""),
    # Key of the member of staff who has it now; empty: nobody.
    Column("assignee", Text, nullable=False, server_default=""),
    Column("claimed_at", Instant),
    # When the customer last wrote, when staff last wrote to the customer, and first did.
    Column("customer_at", Instant),
    Column("staff_at", Instant),
    Column("first_staff_at", Instant),
    # How many next steps were taken because nobody claimed it, and when the last one was.
    Column("steps", Integer, nullable=False, server_default="0"),
    Column("stepped_at", Instant),
    # When nobody was left to ask: staff were called outside the platforms, and alerted.
    Column("exhausted_at", Instant),
    # Number of the drafted reply that stands in its thread; 0: none.
    Column("draft", Integer, nullable=False, server_default="0"),
    # Who closed it: key of a member of staff, `cli:` and an account, or `silence`; the last words.
    Column("closed_by", Text, nullable=False, server_default=""),
    Column("closing", Prose, nullable=False, server_default=""),
    UniqueConstraint("event", "kind"),
    Index(None, "opened_at"),
    Index(None, "thread"),
    # One open case a conversation.
    Index(
        "ix_cases_open_conversation",
        "conversation",
        unique=True,
        sqlite_where=text("closed_at IS NULL AND kind IN ('handoff', 'safety')"),
        postgresql_where=text("closed_at IS NULL AND kind IN ('handoff', 'safety')"),
    ),
)

relays = Table(
    "relays",
    metadata,
    # A line that crosses between a customer and a case thread, and the post that it becomes.
    Column("id", Serial, primary_key=True),
    Column("case", Integer, nullable=False),
    # to_customer | to_staff
    Column("direction", Text, nullable=False),
    # Id of the message as it was written; of an act of staff, its own id.
    Column("source", Text, nullable=False),
    # Number of the post in the outbox.
    Column("post", Integer, nullable=False),
    # Key of who wrote it.
    Column("author", Text, nullable=False),
    # Key of the customer whose case it is: it goes when they are forgotten.
    Column("customer", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("source", "direction"),
    Index(None, "case"),
    Index(None, "post"),
    Index(None, "at"),
)

notices = Table(
    "notices",
    metadata,
    # What calls staff outside the platforms, when nobody claims a case: until it is taken.
    Column("id", Serial, primary_key=True),
    Column("case", Integer, nullable=False),
    # Which next step of the case it is.
    Column("step", Integer, nullable=False),
    # webhook | mail
    Column("way", Text, nullable=False),
    # queued | sent | failed | needless
    Column("state", Text, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    UniqueConstraint("case", "step", "way"),
    Index(None, "due_at"),
    Index(None, "queued_at"),
)

surveys = Table(
    "surveys",
    metadata,
    # What a customer was asked once after a case that a person took part in.
    Column("case", Integer, primary_key=True, autoincrement=False),
    Column("conversation", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    # From 1 to 5; null: not answered.
    Column("score", Integer),
    Column("answered_at", Instant),
    Index(None, "asked_at"),
)

unanswered = Table(
    "unanswered",
    metadata,
    # Questions in channels with `support: true` that the bot was not sure of, for staff.
    Column("id", Serial, primary_key=True),
    Column("event", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("author", Text, nullable=False),
    # With personal data replaced.
    Column("text", Prose, nullable=False),
    Column("language", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    # When staff read of it in their channel.
    Column("told_at", Instant),
    UniqueConstraint("event"),
    Index(None, "asked_at"),
)

audit = Table(
    "audit",
    metadata,
    # What staff and admins did; never the identity of somebody who was forgotten.
    Column("id", Serial, primary_key=True),
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
