"""Whose money was spent where, and answers that need not be paid for again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add columns to `spend`, and the table `answers`."""
    for column in ("conversation", "channel"):
        op.add_column("spend", sa.Column(column, sa.Text(), server_default="", nullable=False))
    op.add_column(
        "spend",
        sa.Column("estimated", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "answers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answers")),
    )
    op.create_index(op.f("ix_answers_kept_at"), "answers", ["kept_at"], unique=False)
