"""Open forms have a table of their own: the states of conversations have none."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Drop what nothing has written."""
    op.drop_index("ix_conversation_states_expires_at", "conversation_states")
    with op.batch_alter_table("conversation_states") as table:
        for name in ("form", "form_author", "expires_at"):
            table.drop_column(name)
