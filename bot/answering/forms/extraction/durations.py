"""Reads slots of `type: duration`."""

from __future__ import annotations

from collections.abc import Iterator

from babel.units import format_unit

from bot.answering.forms.extraction.choose import Form, Mention, choose
from bot.answering.forms.extraction.numbers import number_at
from bot.answering.forms.extraction.spans import Span, spans
from bot.answering.forms.extraction.spec import Refusal, SlotContext, SlotReading, SlotSpec
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import begins, locale
from bot.open_form import SlotValue


def read_duration(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the span of time that an answer says."""
    form: Form[Span] = Form(
        lambda span: SlotValue(span.iso, _shown(span, context)),
        lambda span: _refused(slot, span),
        ("in",),
    )
    return choose(slot, said, context, list(_mentions(said, context.language)), form)


def _mentions(said: Answer, language: str) -> Iterator[Mention[Span]]:
    """Yield the spans, and before them the first end of "2 to 3 days", which has no unit."""
    for span in spans(said, language):
        joined = begins(("range_to", "or"), said, span.start, language)
        if span.start and said.tokens[span.start - 1].folded in {"-", "–"}:
            joined = span.start - 1
        for place in range(max(0, joined - 2), joined):
            number, end = number_at(said, place, language)
            if number is not None and end == joined and not number.ordinal and number.value > 0:
                first = Span(place, end, number.value, span.unit)
                yield Mention(place, end, (first,))
                break
        yield Mention(span.start, span.end, (span,))


def _refused(slot: SlotSpec, span: Span) -> Refusal:
    if slot.min is not None and span.days < slot.min:
        return "too_small"
    if slot.max is not None and span.days > slot.max:
        return "too_large"
    return ""


def _shown(span: Span, context: SlotContext) -> str:
    amount = int(span.amount) if span.amount == int(span.amount) else span.amount
    unit = f"duration-{span.unit}"
    return format_unit(amount, unit, "long", locale=locale(context.language))
