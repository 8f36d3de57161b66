"""Reads slots on a Wednesday: 15 July 2026, ten in the morning, in Berlin."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.answering.forms.extraction import SlotContext, SlotReading, SlotSpec, read_slot

NOW = datetime(2026, 7, 15, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def read(slot: SlotSpec, text: str, language: str = "en", *, asked: bool = True) -> SlotReading:
    """Return what a text says for a slot."""
    return read_slot(slot, text, SlotContext(language, NOW, asked=asked))
