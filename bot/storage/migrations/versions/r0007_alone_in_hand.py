"""What was alone in hand when its worker died, and the row that shows whether writing works."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Count interruptions alone from now on, and add the table `probes`."""
    op.add_column(
        "events",
        sa.Column("interrupted_alone", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_table(
        "probes",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probes")),
    )
