"""Notices to staff outside the platforms; since when nobody is left to ask about a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Go to this version."""
    op.add_column("cases", sa.Column("exhausted_at", sa.DateTime(timezone=True), nullable=True))
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "notices",
        sa.Column("id", serial, primary_key=True),
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.UniqueConstraint("case", "step", "way", name=op.f("uq_notices_case_step_way")),
    )
    for name in ("due_at", "queued_at"):
        op.create_index(f"ix_notices_{name}", "notices", [name])
