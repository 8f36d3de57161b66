"""Reads a slot by its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.answering.forms.extraction.addresses import read_address
from bot.answering.forms.extraction.amounts import read_amount
from bot.answering.forms.extraction.choices import read_choice
from bot.answering.forms.extraction.contacts import read_email, read_phone
from bot.answering.forms.extraction.durations import read_duration
from bot.answering.forms.extraction.moments import read_date, read_datetime, read_time
from bot.answering.forms.extraction.names import read_name
from bot.answering.forms.extraction.quantities import read_number
from bot.answering.forms.extraction.spec import NOTHING, SlotContext, SlotReading, SlotSpec
from bot.answering.forms.extraction.texts import read_pattern, read_text
from bot.answering.forms.extraction.tokens import Answer, answer

Reader = Callable[[SlotSpec, Answer, SlotContext], SlotReading]

_READERS: Mapping[str, Reader] = {
    "address": read_address,
    "amount": read_amount,
    "choice": read_choice,
    "date": read_date,
    "datetime": read_datetime,
    "duration": read_duration,
    "email": read_email,
    "name": read_name,
    "number": read_number,
    "pattern": read_pattern,
    "phone": read_phone,
    "text": read_text,
    "time": read_time,
}


def read_slot(slot: SlotSpec, text: str, context: SlotContext) -> SlotReading:
    """Return what a text says for a slot; the work grows with the text, up to a bound.

    Args:
        slot: What the slot takes.
        text: What the customer wrote.
        context: Their language, the time, and whether this slot was asked for.
    """
    said = answer(text)
    return _READERS[slot.type](slot, said, context) if said.tokens else NOTHING
