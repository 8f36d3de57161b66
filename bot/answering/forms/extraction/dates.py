"""Dates in an answer: written ones, and those that are told from today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from bot.answering.forms.extraction.days import (
    AHEAD,
    Day,
    Days,
    made,
    nearest_weekday,
    shifted,
    single,
    with_both,
)
from bot.answering.forms.extraction.relative_dates import relative_at
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import ends
from bot.answering.forms.extraction.written_dates import OF_MONTH, WRITTEN, date_at

_SHORT = 27
"""Days that a month has more of."""

_BETWEEN = ("range_to", "or", "ands")
"""Names of the words between two days of which the second alone names the month."""


def days(said: Answer, now: datetime, language: str, *, ahead: int = AHEAD) -> list[Day]:
    """Return the dates of an answer, from the left; bare numbers that may be days as well.

    Args:
        said: The answer.
        now: In the zone in which "today" is meant.
        language: BCP 47 tag.
        ahead: Where days without a year or month lie: `AHEAD`, `BEHIND`, `EITHER`.
    """
    found = list(_joined(said, list(_days(said, now, language, ahead=ahead)), language, ahead))
    return [
        _completed(said, each, after, language)
        for each, after in zip(found, [*found, None][1:], strict=True)
    ]


def _completed(said: Answer, day: Day, after: Day | None, language: str) -> Day:
    """Return a day with the month of the one after it, "from 3 to 5 May"."""
    if not day.open or after is None or after.open or after.sure < WRITTEN or not after.options:
        return day
    if not _are_joined(said, day.end, after.start, language):
        return day
    last = after.options[0][1]
    year, month = (
        (last.year, last.month) if day.open <= last.day else shifted(last.year, last.month, -1)
    )
    first = made(year, month, day.open)
    if first is None:
        return day
    return replace(day, options=single(first), sure=after.sure, open=0)


def _are_joined(said: Answer, end: int, start: int, language: str) -> bool:
    """Return whether nothing but a word such as "to" stands between two days."""
    if start <= end or all(said.tokens[place].folded in {"-", "–"} for place in range(end, start)):
        return start > end
    place = max(ends(name, said, end, language) for name in _BETWEEN)
    return 0 < place <= start and all(
        ends(name, said, each, language) for each in range(place, start) for name in ("of",)
    )


def _days(said: Answer, now: datetime, language: str, *, ahead: int) -> Iterator[Day]:
    place = 0
    while place < len(said.tokens):
        relative = relative_at(said, place, now, language, ahead=ahead)
        written = date_at(said, place, now.date(), language, ahead=ahead)
        found = max(
            (each for each in (written, relative) if each is not None),
            key=lambda each: (each.end, each.sure),
            default=None,
        )
        if found is None:
            place += 1
        else:
            yield found
            place = found.end


def _joined(said: Answer, found: list[Day], language: str, ahead: int) -> Iterator[Day]:
    """Yield dates, a weekday together with the day of the month beside it: "Friday the 17th"."""
    place = 0
    while place < len(found):
        day = found[place]
        after = found[place + 1] if place + 1 < len(found) else None
        if after is not None and _is_one(said, day, after, language):
            yield _both(day, after, ahead)
            place += 2
        else:
            yield day
            place += 1


def _is_one(said: Answer, day: Day, after: Day, language: str) -> bool:
    """Return whether one is a weekday, the other a day of a month, and nothing between them."""
    between = range(day.end, after.start)
    if day.open and len(between) == 1 and ends("of", said, day.end, language):
        return bool(after.options) and _is_month(after)
    if any(first != last for each in (day, after) for first, last in each.options):
        return False
    if day.weekday == after.weekday or min(day.sure, after.sure) < OF_MONTH or len(between) > 2:
        return False
    return all(
        said.tokens[place].folded == ","
        or any(ends(name, said, place, language) for name in ("of", "on"))
        for place in between
    )


def _both(day: Day, after: Day, ahead: int) -> Day:
    """Return the days that both say; where they contradict each other, what may be meant.

    A day of a month becomes that of the next month in which it is the weekday; a date without its
    year, or the weekday beside it; a date with its year is taken as it is.
    """
    if day.open and _is_month(after):
        first = after.options[0][0]
        found = made(first.year, first.month, day.open)
        return Day(day.start, after.end, single(found))
    weekday, told = (day, after) if day.weekday else (after, day)
    on = weekday.options[0][0].weekday() if weekday.options else -1
    options = tuple(each for each in told.options if each[0].weekday() == on)
    if not options and told.options and weekday.options:
        options = _agreeing(on, told, ahead)
    return replace(
        told, start=day.start, end=after.end, options=options or told.options, sure=WRITTEN
    )


def _is_month(day: Day) -> bool:
    """Return whether days are a month: "next month"."""
    if len(day.options) != 1:
        return False
    first, last = day.options[0]
    return first.day == 1 and last == date(first.year, first.month, last.day) and last.day > _SHORT


def _agreeing(weekday: int, told: Day, ahead: int) -> tuple[Days, ...]:
    first = told.options[0][0]
    if told.open:
        return single(with_both(weekday, told.open, first, ahead=ahead))
    if told.year or first.weekday() == weekday:
        return told.options
    return (*told.options, *single(nearest_weekday(weekday, first)))
