"""Reads slots of `type: date`, `time` and `datetime`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_time

from bot.answering.forms.extraction.around import is_plain, says_little_else
from bot.answering.forms.extraction.choose import Form, Mention, choose
from bot.answering.forms.extraction.clock import clocks
from bot.answering.forms.extraction.dates import days
from bot.answering.forms.extraction.day_parts import AFTER_AT, BARE, Clock
from bot.answering.forms.extraction.days import AHEAD, BEHIND, EITHER, Day, Days
from bot.answering.forms.extraction.numbers import number_at
from bot.answering.forms.extraction.other_dates import other_date
from bot.answering.forms.extraction.relative_dates import moment
from bot.answering.forms.extraction.spans import Span, spans
from bot.answering.forms.extraction.spec import (
    NOTHING,
    Refusal,
    SlotContext,
    SlotReading,
    SlotSpec,
)
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import ends, everywhere, locale, words_in
from bot.open_form import SlotValue

_LONE = 1
_SIXTY, _HALF_DAY = 60, 12
_BESIDES = 2
_OF_DATES = ("of", "this", "in", "from_now", "at", "am", "pm", "at_night")
_OF_TIMES = ("at", "oclock", "am", "pm", "at_night", "range_to", "range_from")
_CLOCK_UNITS = ("minute", "hour")


def read_date(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the day that an answer says; of a span, the end that is meant."""
    today = context.now.date()
    form: Form[date] = Form(
        lambda day: SlotValue(day.isoformat(), shown_date(day, context)),
        lambda day: _refused(slot, day, today),
        _OF_DATES,
        "no_such_date",
    )
    found = _days(slot, said, context)
    reading = choose(slot, said, context, _dates(slot, found), form)
    if reading == NOTHING and context.asked and not found:
        day = other_date(said.text, context, ahead=slot.future)
        return (
            NOTHING
            if day is None
            else choose(slot, said, context, [Mention(0, len(said.tokens), (day,))], form)
        )
    return reading


def _days(slot: SlotSpec, said: Answer, context: SlotContext) -> list[Day]:
    """Return the days of an answer; a bare number only where it was asked for and stands alone."""
    ahead = _towards(slot)
    if ahead == EITHER and any(everywhere(("past_words",), said, context.language)):
        ahead = BEHIND
    found = days(said, context.now, context.language, ahead=ahead)
    sure = [each for each in found if each.sure > _LONE]
    if sure or not context.asked:
        return sure
    times = [each for each in clocks(said, context.language) if each.sure > BARE]
    return [each for each in found if _is_alone(said, each, context) and not _overlaps(each, times)]


def _is_alone(said: Answer, day: Day, context: SlotContext) -> bool:
    """Return whether an answer says little else than a number, which counts nothing."""
    plain = words_in(context.language, "around", *_OF_DATES)
    little = says_little_else(said, [(day.start, day.end)], context.language, plain)
    return little and not _counts(said, day, context)


def _towards(slot: SlotSpec) -> int:
    """Return where a day without a year lies."""
    if not slot.past:
        return AHEAD
    return EITHER if slot.future else BEHIND


def _dates(slot: SlotSpec, found: Sequence[Day]) -> list[Mention[date]]:
    """Return the dates that days stand for: spans only as an end of a range."""
    return [
        Mention(each.start, each.end, options, each.sure)
        for each in found
        if (options := _as_dates(slot, each)) or not each.options
    ]


def _as_dates(slot: SlotSpec, day: Day) -> tuple[date, ...]:
    if slot.end:
        return tuple(first if slot.end == "from" else last for first, last in day.options)
    return tuple(each for span in day.options for each in _short(span))


def _short(span: Days) -> Sequence[date]:
    """Return the days of a span of two at most, such as a weekend."""
    length = (span[1] - span[0]).days
    return [span[0] + timedelta(days=each) for each in range(length + 1)] if length <= 1 else []


def _refused(slot: SlotSpec, day: date, today: date) -> Refusal:
    if day < today and not slot.past:
        return "in_the_past"
    if day > today and not slot.future:
        return "in_the_future"
    return ""


def read_time(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the time of day that an answer says."""
    form: Form[int] = Form(lambda at: _time_value(at, context), own=_OF_TIMES)
    found = [
        Mention(each.start, each.end, _minutes(slot, each), each.sure)
        for each in _clocks(said, context)
    ]
    later = _later(said, context)
    if later is not None:
        at = later[0].hour * _SIXTY + later[0].minute
        found = [each for each in found if each.sure > BARE] or [Mention(later[1], later[2], (at,))]
    return choose(slot, said, context, found, form)


def _time_value(minute: int, context: SlotContext) -> SlotValue:
    at = time(minute // _SIXTY, minute % _SIXTY)
    return SlotValue(f"{at:%H:%M}", format_time(at, "short", locale=locale(context.language)))


def _clocks(said: Answer, context: SlotContext) -> list[Clock]:
    """Return the times of an answer; bare numbers where they were asked for and count nothing."""
    found = clocks(said, context.language)
    dates = [each for each in days(said, context.now, context.language) if each.sure > _LONE]
    lasting = [
        each
        for each in spans(said, context.language)
        if each.unit not in _CLOCK_UNITS or each.amount <= _HALF_DAY
    ]
    found = [each for each in found if not _is_span(said, each, lasting)]
    return [
        each
        for each in found
        if each.sure > AFTER_AT
        or (
            not (_overlaps(each, dates) or _overlaps(each, lasting) or _counts(said, each, context))
            and (context.asked or each.sure > BARE)
        )
    ]


def _minutes(slot: SlotSpec, clock: Clock) -> tuple[int, ...]:
    """Return the minutes of the day that a time stands for; usual hours decide, where they can."""
    if clock.exact or not slot.hours:
        return clock.minutes
    first, last = (_minute(each) for each in slot.hours)
    usual = tuple(each for each in clock.minutes if first <= each <= last)
    return usual[:1] or clock.minutes


def _minute(written: str) -> int:
    hour, _, minute = written.partition(":")
    return int(hour) * _SIXTY + int(minute or 0)


def _is_short(said: Answer, clock: Clock, context: SlotContext) -> bool:
    """Return whether an answer says little besides a number: two words or so."""
    telling = [
        token
        for place, token in enumerate(said.tokens)
        if token.is_word
        and not clock.start <= place < clock.end
        and not is_plain(token.folded, context.language)
    ]
    return len(telling) <= _BESIDES


def _is_span(said: Answer, clock: Clock, lasting: Sequence[Span]) -> bool:
    """Return whether a time is a span, "three hours", which is written like "14 hours"."""
    return any((clock.start, clock.end) == (each.start, each.end) for each in lasting) and (
        clock.end - clock.start > 1 and not said.tokens[clock.start + 1].glued
    )


def _later(said: Answer, context: SlotContext) -> tuple[datetime, int, int] | None:
    """Return the moment some hours or minutes from now, and where it stands: "in an hour"."""
    for start in range(len(said.tokens)):
        found = moment(said, start, context.now, context.language)
        if found is not None and found[1].unit in _CLOCK_UNITS:
            return found[0], start, found[1].end
    return None


def _overlaps(each: Day | Clock, others: Sequence[Day | Clock | Span]) -> bool:
    return any(each.start < other.end and other.start < each.end for other in others)


def _counts(said: Answer, each: Day | Clock, context: SlotContext) -> bool:
    """Return whether a number counts people, nights or days, and so is no date and no time."""
    number, end = number_at(said, each.start, context.language)
    if number is None or end >= len(said.tokens):
        return False
    names = ("people", "day", "night", "week", "month", "year", "minute")
    places = (end, end + 1)  # "four total people"
    return any(ends(name, said, place, context.language) for name in names for place in places)


def read_datetime(slot: SlotSpec, said: Answer, context: SlotContext) -> SlotReading:
    """Return the day and the time that an answer says together."""
    form: Form[datetime] = Form(
        lambda at: SlotValue(f"{at:%Y-%m-%dT%H:%M}", _shown_moment(at, context)),
        lambda at: _refused_moment(slot, at, context.now),
        (*_OF_DATES, *_OF_TIMES),
        "no_such_date",
    )
    if later := _later(said, context):
        at = later[0].replace(second=0, microsecond=0, tzinfo=None)
        return choose(slot, said, context, [Mention(later[1], later[2], (at,))], form)
    found = _dates(slot, _days(slot, said, context))
    times = _clocks(said, context)
    surest = max((each.sure for each in times), default=0)
    times = [each for each in times if each.sure == surest]
    found = [each for each in found if each.sure > _LONE]
    if not found or not times:
        if found and any(each.options for each in found):
            return SlotReading(refused="no_time") if context.asked else NOTHING
        missing = bool(times) and context.asked and surest > BARE
        return SlotReading(refused="no_date") if missing else NOTHING
    return choose(slot, said, context, _together(slot, found, times), form)


def _together(
    slot: SlotSpec, found: Sequence[Mention[date]], times: Sequence[Clock]
) -> list[Mention[datetime]]:
    """Return each day with each time; the last of either, where there are not as many of both."""
    pairs = (
        list(zip(found, times, strict=False))
        if len(found) == len(times)
        else [(found[-1], times[-1])]
    )
    return [
        Mention(
            min(day.start, clock.start),
            max(day.end, clock.end),
            tuple(
                datetime.combine(each, time(minute // _SIXTY, minute % _SIXTY))
                for each in day.options
                for minute in _minutes(slot, clock)
            ),
        )
        for day, clock in pairs
    ]


def _refused_moment(slot: SlotSpec, at: datetime, now: datetime) -> Refusal:
    plain = now.replace(tzinfo=None)
    if at < plain and not slot.past:
        return "in_the_past"
    return "in_the_future" if at > plain and not slot.future else ""


def shown_date(day: date, context: SlotContext) -> str:
    """Return a date as the customer reads it, with its weekday."""
    return format_date(day, "full", locale=locale(context.language))


def _shown_moment(at: datetime, context: SlotContext) -> str:
    day = shown_date(at.date(), context)
    return f"{day}, {format_time(at.time(), 'short', locale=locale(context.language))}"
