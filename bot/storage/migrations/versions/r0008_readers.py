"""Who can read a place, and which press of a button was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing is known of earlier places; those where only commands were given are left."""
    op.add_column(
        "conversations", sa.Column("readers", sa.Text(), nullable=False, server_default="")
    )
    op.add_column("choices", sa.Column("pressed", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE conversations SET spoken = false WHERE NOT EXISTS "
        "(SELECT 1 FROM messages WHERE messages.conversation = conversations.key "
        "AND messages.event NOT LIKE '%:command:%') AND EXISTS "
        "(SELECT 1 FROM messages WHERE messages.conversation = conversations.key)"
    )
    op.execute("UPDATE messages SET private = true WHERE event LIKE '%:command:%'")
