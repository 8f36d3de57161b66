"""What was alone in hand when its worker died, what failed, and the row that tests writing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Count interruptions alone and failures apart, and add the table `probes`.

    Of an event that failed before, each attempt but the latest interruptions counts as a failure.
    """
    op.add_column(
        "events",
        sa.Column("interrupted_alone", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column("events", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE events SET failures = attempt - interrupted "
        "- CASE WHEN token IS NULL THEN 0 ELSE 1 END "
        "WHERE reason <> '' AND attempt > interrupted"
    )
    op.create_table(
        "probes",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probes")),
    )
