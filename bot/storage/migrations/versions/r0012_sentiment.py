"""How customers felt, with the decision about their message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add it; it was not read for earlier messages."""
    op.add_column("decisions", sa.Column("sentiment", sa.JSON(), nullable=True))
