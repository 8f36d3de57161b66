"""Codes know the message that asked for them: answered again, it has none sent again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Go to this version."""
    op.add_column("codes", sa.Column("message", sa.Text(), nullable=False, server_default=""))
