"""The schema of `learned.yaml`: approved messages of customers, by the intent they are labelled as.

version: 1
ledger: 5c1f0a9be2d3
intents:
  order_status:
    - {text: where is my parcel, written: 2026-11-20, author: 3f2a9c0b1d4e5f60}
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.privacy.erasure_log import MARK
from bot.understanding.intents.field_types import Name, StrictModel, Text, Version
from bot.yamlfile import mistake


def _day(value: object) -> object:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise mistake(f'"{value}" is not a date', "write it like 2026-11-20") from error


def _mark(text: str) -> str:
    if len(text) != MARK or not set(text) <= set("0123456789abcdef"):
        raise mistake(f'"{text}" is no mark of an author', "delete this line")
    return text


class LearnedMessage(StrictModel):
    """An approved message."""

    text: Text
    """What the customer wrote, with personal data replaced."""

    written: Annotated[date, BeforeValidator(_day)]
    """The day on which it was written, UTC; `retention.learned` counts from it."""

    author: Annotated[str, AfterValidator(_mark)]
    """Mark of the author, by which the message is found when they ask for their data."""


class LearnedFile(StrictModel):
    """All approved messages."""

    version: Version

    ledger: Text
    """Mark of the erasure log whose key made the authors' marks."""

    intents: dict[Name, tuple[LearnedMessage, ...]] = Field(default_factory=dict)
    """The messages, by the name of their intent."""
