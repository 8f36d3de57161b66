"""Dates in an answer: written ones, and those that are told from today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.answering.forms.extraction.days import Day, made, single, with_both
from bot.answering.forms.extraction.relative_dates import relative_at
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import ends
from bot.answering.forms.extraction.written_dates import OF_MONTH, WRITTEN, date_at

_BETWEEN = ("range_to", "or", "ands")
"""Names of the words between two days of which the second alone names the month."""


def days(said: Answer, now: datetime, language: str, *, ahead: bool = True) -> list[Day]:
    """Return the dates of an answer, from the left; bare numbers that may be days as well.

    Args:
        said: The answer.
        now: In the zone in which "today" is meant.
        language: BCP 47 tag.
        ahead: Days without a year or month lie ahead; else behind.
    """
    found = list(_joined(said, list(_days(said, now, language, ahead=ahead)), language))
    return [
        _completed(said, each, after, language)
        for each, after in zip(found, [*found, None][1:], strict=True)
    ]


def _completed(said: Answer, day: Day, after: Day | None, language: str) -> Day:
    """Return a day with the month of the one after it, "from 3 to 5 May"."""
    if not day.open or after is None or after.open or after.sure < WRITTEN or not after.options:
        return day
    between = range(day.end, after.start)
    marks = {said.tokens[place].folded for place in between}
    joined = any(ends(name, said, place, language) for place in between for name in _BETWEEN)
    if not between or len(between) > 3 or not (joined or marks <= {"-", "–"}):
        return day
    last = after.options[0][1]
    first = made(last.year, last.month, day.open)
    if first is None or first > last:
        return day
    return replace(day, options=single(first), sure=after.sure, open=0)


def _days(said: Answer, now: datetime, language: str, *, ahead: bool) -> Iterator[Day]:
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


def _joined(said: Answer, found: list[Day], language: str) -> Iterator[Day]:
    """Yield dates, a weekday together with the day of the month beside it: "Friday the 17th"."""
    place = 0
    while place < len(found):
        day = found[place]
        after = found[place + 1] if place + 1 < len(found) else None
        if after is not None and _is_one(said, day, after, language):
            yield _both(day, after)
            place += 2
        else:
            yield day
            place += 1


def _is_one(said: Answer, day: Day, after: Day, language: str) -> bool:
    between = range(day.end, after.start)
    if (after.sure < OF_MONTH and not between) or len(between) > 2 or after.sure == 1:
        return False
    return all(
        said.tokens[place].folded == "," or ends("of", said, place, language) for place in between
    )


def _both(day: Day, after: Day) -> Day:
    """Return the days that both say; the day of the month, where they contradict each other."""
    common = tuple(each for each in after.options if each in day.options)
    if not common and after.open and day.options and after.options:
        common = single(with_both(day.options[0][0].weekday(), after.open, after.options[0][0]))
    told = after if after.options else day
    return replace(told, start=day.start, end=after.end, options=common or told.options, sure=3)
