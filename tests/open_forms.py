"""Open forms that tests store."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.open_form import OpenForm


def an_open_form(conversation: str, author: str) -> OpenForm:
    """Return a form of a person in a conversation."""
    expires_at = datetime(2030, 1, 1, tzinfo=UTC)
    return OpenForm(
        f"form of {author} in {conversation}",
        conversation,
        author,
        "order_status",
        "hash",
        "en",
        expires_at,
        asked="order_number",
        tries=1,
    )
