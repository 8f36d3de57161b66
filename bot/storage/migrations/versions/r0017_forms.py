"""Forms, actions, proofs of identity, product wishes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_INSTANT = sa.DateTime(timezone=True)


def _serial() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _instants(*names: str, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, _INSTANT, nullable=nullable) for name in names]


def _index(table: str, *names: str) -> None:
    for name in names:
        op.create_index(f"ix_{table}_{name}", table, [name])


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "forms",
        sa.Column("id", sa.Text(), primary_key=True),
        *_texts("conversation", "author", "intent", "intents_hash"),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_instants("opened_at", "expires_at"),
        sa.UniqueConstraint("conversation", "author", name=op.f("uq_forms_conversation_author")),
    )
    _index("forms", "author", "expires_at")
    op.create_table(
        "action_calls",
        sa.Column("key", sa.Text(), primary_key=True),
        *_texts("form", "action", "conversation", "author", "subject", "state"),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        *_texts("error"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_instants("planned_at"),
        *_instants("sent_at", "finished_at", nullable=True),
    )
    _index("action_calls", "author", "planned_at", "state")
    op.create_table(
        "proofs",
        _serial(),
        *_texts("author", "way", "subject", "address_hash"),
        *_instants("proved_at", "expires_at"),
        sa.UniqueConstraint("author", "way", name=op.f("uq_proofs_author_way")),
    )
    _index("proofs", "subject", "expires_at")
    op.create_table(
        "codes",
        _serial(),
        *_texts("author", "conversation", "subject", "claim_hash", "code_hash", "address_hash"),
        *_instants("sent_at", "expires_at"),
        sa.Column("tries", sa.Integer(), nullable=False),
        *_instants("ended_at", nullable=True),
    )
    _index("codes", "author", "subject", "sent_at")
    op.create_table(
        "wishes",
        _serial(),
        *_texts("author", "conversation"),
        sa.Column("data", sa.JSON(), nullable=False),
        *_instants("changed_at"),
        sa.UniqueConstraint("author", "conversation", name=op.f("uq_wishes_author_conversation")),
    )
    _index("wishes", "changed_at")
