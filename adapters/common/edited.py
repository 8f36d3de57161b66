"""Messages that were edited before they were read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.messages import Received


def as_it_reads_now(event: Received, edited_at: datetime | None) -> Received:
    """Return a message of the history with when its author last changed it; None: never."""
    if edited_at is None:
        return event
    return replace(event, message=replace(event.message, edited_at=edited_at))
