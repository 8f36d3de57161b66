"""Tables of what customers get done: forms, actions, proofs of identity, product wishes."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, Table, Text, UniqueConstraint

from bot.storage.metadata import Serial, metadata
from bot.storage.types import Instant, Prose

forms = Table(
    "forms",
    metadata,
    # The open form of a person in a conversation; its row goes with it.
    Column("id", Text, primary_key=True),
    Column("conversation", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("intent", Text, nullable=False),
    # Hash of the intents that it was opened with.
    Column("intents_hash", Text, nullable=False),
    # Slots, the asked one, tries, step: see `bot/open_form.py`.
    Column("data", JSON, nullable=False),
    # Every change is a compare-and-set on it.
    Column("version", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    UniqueConstraint("conversation", "author"),
    Index(None, "author"),
    Index(None, "expires_at"),
)

action_calls = Table(
    "action_calls",
    metadata,
    # Each write that a customer confirmed, under its idempotency key.
    Column("key", Text, primary_key=True),
    Column("form", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    Column("author", Text, nullable=False),
    # The customer of the shop, as the proof had it; empty: the action needs none.
    Column("subject", Text, nullable=False),
    # planned, sent, done, failed or unknown.
    Column("state", Text, nullable=False),
    Column("arguments", JSON, nullable=False),
    # What the action returned; null until it is done.
    Column("result", JSON(none_as_null=True)),
    # What went wrong, for staff; empty: nothing.
    Column("error", Prose, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("planned_at", Instant, nullable=False),
    # When it was last sent, and when its outcome was known.
    Column("sent_at", Instant),
    Column("finished_at", Instant),
    Index(None, "author"),
    Index(None, "planned_at"),
    Index(None, "state"),
)

proofs = Table(
    "proofs",
    metadata,
    # Who somebody on a platform has proven to be in the shop.
    Column("id", Serial, primary_key=True),
    Column("author", Text, nullable=False),
    # linked, platform_email or code.
    Column("way", Text, nullable=False),
    # The shop's id of the customer.
    Column("subject", Text, nullable=False),
    # Hash of the address that the code was sent to: another one voids the proof; empty: of none.
    Column("address_hash", Text, nullable=False),
    Column("proved_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    UniqueConstraint("author", "way"),
    Index(None, "subject"),
    Index(None, "expires_at"),
)

codes = Table(
    "codes",
    metadata,
    # One-time codes that were sent, as hashes, and those for which there was nobody to send to.
    Column("id", Serial, primary_key=True),
    Column("author", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    # Id of the message that it was asked for with; empty: of a try at a code that we did not send.
    Column("message", Text, nullable=False),
    # The shop's id of the customer, stored before the code is sent; empty: nothing was sent.
    Column("subject", Text, nullable=False),
    # Hash of what the customer gave to be found by, such as an order number.
    Column("claim_hash", Text, nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("address_hash", Text, nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    # When it was used, or voided because it stood in public or a newer one was sent.
    Column("ended_at", Instant),
    Index(None, "author"),
    Index(None, "subject"),
    Index(None, "sent_at"),
)

wishes = Table(
    "wishes",
    metadata,
    # What a person wants of a product, in a conversation or, where it is empty, in all of them.
    Column("id", Serial, primary_key=True),
    Column("author", Text, nullable=False),
    Column("conversation", Text, nullable=False),
    # Category, constraints, products shown and liked: see `bot/answering/recommendations/`.
    Column("data", JSON, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("author", "conversation"),
    Index(None, "changed_at"),
)
