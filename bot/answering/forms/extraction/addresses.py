"""Reads slots of `type: address`: where something is sent to, without what is said around it."""

from __future__ import annotations

from bot.answering.forms.extraction.address_tagger import address_spans
from bot.answering.forms.extraction.choose import Form, Mention, choose
from bot.answering.forms.extraction.spec import (
    LONGEST_TEXT,
    NOTHING,
    SlotContext,
    SlotReading,
    SlotSpec,
)
from bot.answering.forms.extraction.tokens import Answer, answer_as_written
from bot.answering.forms.extraction.vocabulary import knows
from bot.open_form import SlotValue


def read_address(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the address in an answer; all of it, where one may be there that nothing found.

    Of languages whose addresses were not learned, every answer is taken whole.
    """
    if not context.asked:
        return NOTHING
    if not knows(context.language):
        return _taken(slot, SlotReading(said.written_as, said.written_as))
    written = answer_as_written(said)
    form: Form[str] = Form(lambda each: SlotValue(each, each))
    found = [
        Mention(start, end, (written.written(start, end),))
        for start, end in address_spans(said, context.language)
    ]
    if found:
        return _taken(slot, choose(slot, said, context, found, form))
    if any(token.is_number for token in said.tokens):
        return _taken(slot, SlotReading(said.written_as, said.written_as))
    return NOTHING


def _taken(slot: SlotSpec, reading: SlotReading) -> SlotReading:
    """Return a reading, refused where its address is too long."""
    if reading.value is not None and len(reading.shown) > (slot.longest or LONGEST_TEXT):
        return SlotReading(refused="too_long")
    return reading
