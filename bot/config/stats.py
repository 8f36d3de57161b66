"""`stats:` what counts in statistics, and when staff are alerted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from bot.config.types import Section, read_limit_of_messages


class StatsConfig(Section):
    """`stats:` what counts in statistics, and when staff are alerted."""

    small_talk: tuple[str, ...] = ("greeting", "thanks", "goodbye", "praise")
    """Names of intents whose reply is no answer to a question."""

    confirming: tuple[str, ...] = ("thanks", "praise")
    """Names of intents that confirm the answer before them."""

    alert_frustrated: Annotated[float | Literal[False], BeforeValidator(read_limit_of_messages)] = (
        0.3
    )
    """Share of a week's messages that may be frustrated before staff are alerted, as in `30%`;
    false: they never are."""
