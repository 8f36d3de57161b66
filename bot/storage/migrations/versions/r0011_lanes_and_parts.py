"""Which events wait for each other, and what was decided about each request in a message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add both; earlier events wait with their conversations, earlier decisions have one part."""
    op.add_column("events", sa.Column("lane", sa.Text(), nullable=False, server_default=""))
    op.add_column("decisions", sa.Column("parts", sa.JSON(), nullable=True))
