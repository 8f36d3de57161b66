"""When staff were told of a case, and when a platform was first served."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add both; of cases before it is not known whether staff were told."""
    op.add_column("cases", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "first_starts",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_first_starts")),
    )
