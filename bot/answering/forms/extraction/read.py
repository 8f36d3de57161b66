"""Reads a slot by its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.answering.forms.extraction.choices import read_choice
from bot.answering.forms.extraction.spec import NOTHING, SlotContext, SlotReading, SlotSpec
from bot.answering.forms.extraction.texts import read_pattern, read_text
from bot.answering.forms.extraction.tokens import Answer, answer

Reader = Callable[[SlotSpec, Answer, SlotContext], SlotReading]

_READERS: Mapping[str, Reader] = {
    "pattern": read_pattern,
    "choice": read_choice,
    "text": read_text,
}


def read_slot(slot: SlotSpec, text: str, context: SlotContext) -> SlotReading:
    """Return what a text says for a slot; the work grows with the text, up to a bound.

    Args:
        slot: What the slot takes.
        text: What the customer wrote.
        context: Their language, the time, and whether this slot was asked for.
    """
    said = answer(text)
    if not said.tokens:
        return NOTHING
    read = _READERS.get(slot.type)
    return NOTHING if read is None else read(slot, said, context)
