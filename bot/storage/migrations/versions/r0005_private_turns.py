"""What was said to one person alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Note of each turn whether it was private; nothing is known of those before."""
    op.add_column(
        "messages",
        sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
