"""The desk: cases with a team, a thread and an owner; relayed lines; surveys; ends of parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_OPEN = sa.text("closed_at IS NULL AND kind IN ('handoff', 'safety')")
_MOMENTS = ("claimed_at", "customer_at", "staff_at", "first_staff_at", "stepped_at")


def upgrade() -> None:
    """Add it; of several open cases of one conversation, the latest one stays open."""
    for name in ("team", "trigger", "thread", "assignee", "closed_by", "closing"):
        column = sa.Column(name, sa.Text(), nullable=False, server_default="")
        op.add_column("cases", column)
    for name in _MOMENTS:
        op.add_column("cases", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in ("steps", "draft"):
        op.add_column("cases", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE cases SET closed_at = opened_at WHERE closed_at IS NULL "
        "AND kind IN ('handoff', 'safety') AND id NOT IN (SELECT max(id) FROM cases "
        "WHERE closed_at IS NULL AND kind IN ('handoff', 'safety') GROUP BY conversation)"
    )
    op.create_index("ix_cases_thread", "cases", ["thread"])
    op.create_index(
        "ix_cases_open_conversation",
        "cases",
        ["conversation"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.add_column("outbox", sa.Column("kind", sa.Text(), nullable=False, server_default="post"))
    for name in ("case", "target"):
        op.add_column("outbox", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("messages", sa.Column("summary", sa.Text(), nullable=True))
    _relays()
    _surveys()


def _relays() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "relays",
        sa.Column("id", serial, primary_key=True),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("post", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("source", "direction", name=op.f("uq_relays_source_direction")),
    )
    for name in ("case", "post", "at"):
        op.create_index(f"ix_relays_{name}", "relays", [name])


def _surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("case", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_surveys_asked_at", "surveys", ["asked_at"])
