"""Reads the values of slots out of what customers write: free, quick, the same every time."""

from __future__ import annotations

from bot.answering.forms.extraction.read import read_slot
from bot.answering.forms.extraction.spec import (
    NOTHING,
    REFUSAL_TEXTS,
    SLOT_TYPES,
    Refusal,
    SlotContext,
    SlotReading,
    SlotSpec,
)
from bot.understanding.intents.slots import SlotType

__all__ = (
    "NOTHING",
    "REFUSAL_TEXTS",
    "SLOT_TYPES",
    "Refusal",
    "SlotContext",
    "SlotReading",
    "SlotSpec",
    "SlotType",
    "read_slot",
)
