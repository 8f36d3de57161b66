"""Reads slots of `type: pattern` and `type: text`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import re2

from bot.answering.forms.extraction.around import is_denied, says_little_else
from bot.answering.forms.extraction.corrections import last_said, singled_out
from bot.answering.forms.extraction.phrases import Found
from bot.answering.forms.extraction.spec import (
    LONGEST_TEXT,
    NOTHING,
    SlotContext,
    SlotReading,
    SlotSpec,
)
from bot.answering.forms.extraction.spelled import with_digits, with_numbers
from bot.answering.forms.extraction.tokens import Answer, answer
from bot.open_form import SlotValue

_GAP = re.compile(r"(?<=\d)[ .\-](?=\d)")
"""Between the groups of a number: "48 213"."""


def read_pattern(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return what the pattern of a slot finds; in a number that is written in groups, too."""
    found = list(_matches(slot.pattern, said))
    for joined in (_without_gaps, with_digits, with_numbers) if context.asked else ():
        if not found:
            written = joined(said, context.language)
            found = list(_matches(slot.pattern, written))
            said = written if found else said
    meant = last_said(said, found, context.language)
    meant = [e for e in meant if not is_denied(said, e.start, context.language)] or meant
    if not slot.many:
        meant = singled_out(said, meant, context.language)
    values = list(dict.fromkeys(each.meaning for each in meant))
    if not values:
        return NOTHING
    whole = says_little_else(said, [(each.start, each.end) for each in found], context.language)
    if slot.many:
        return SlotReading(values, ", ".join(values), whole)
    if len(values) > 1:
        return SlotReading(candidates=tuple(SlotValue(each, each) for each in values))
    return SlotReading(values[0], values[0], whole)


def _without_gaps(said: Answer, language: str) -> Answer:  # noqa: ARG001 - as with_digits
    return answer(_GAP.sub("", said.text))


def read_text(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the whole of an answer; words that were not asked for are no value."""
    if not context.asked or not any(token.folded.isalnum() for token in said.tokens):
        return NOTHING
    written = said.written_as or said.text
    if len(written) > (slot.longest or LONGEST_TEXT):
        return SlotReading(refused="too_long")
    return SlotReading(written, written)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re2._Regexp:
    return re2.compile(pattern)


def _matches(pattern: str, said: Answer) -> Iterator[Found[str]]:
    compiled = _compiled(pattern)
    for match in compiled.finditer(said.text):
        value = (match.group(1) if compiled.groups else match.group()) or ""
        if value:
            inside = [
                place
                for place, token in enumerate(said.tokens)
                if token.start < match.end() and token.end > match.start()
            ]
            if inside:
                yield Found(inside[0], inside[-1] + 1, value)
