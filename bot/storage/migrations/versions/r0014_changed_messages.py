"""Messages that are answered together, edited or deleted; where an answer stands."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add it; each earlier message was answered alone, and nobody noted where."""
    for name in ("superseded", "withdrawn"):
        op.add_column(
            "events", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.add_column("events", sa.Column("covered_by", sa.Text(), nullable=False, server_default=""))
    op.add_column(
        "messages", sa.Column("answered_by", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "messages", sa.Column("revision", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("messages", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("messages", sa.Column("posted", sa.JSON(), nullable=True))
