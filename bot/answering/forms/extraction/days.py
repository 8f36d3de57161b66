"""Days that an answer may mean, and how they follow from today."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

Days = tuple[date, date]
"""The first and the last day of a span; the same for a day."""

_WEEK, _MONTHS = 7, 12

AHEAD, EITHER, BEHIND = 1, 0, -1
"""Where a day without its year lies."""

_LATELY = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or days, in an answer.

    Attributes:
        start, end: Its tokens.
        options: What it may stand for; empty: there is no such day.
        sure: 1: a bare number; 2: a day of a month; 3: written as a date.
        year: Its year is named.
        weekday: It is a weekday.
        open: Its day without the month, so that the end of a range may complete it.
    """

    start: int
    end: int
    options: tuple[Days, ...]
    sure: int = 3
    open: int = 0
    year: bool = False
    weekday: bool = False


def single(*days: date | None) -> tuple[Days, ...]:
    """Return the spans of single days."""
    return tuple(dict.fromkeys((day, day) for day in days if day is not None))


def made(year: int, month: int, day: int) -> date | None:
    """Return a date; None where there is no such day."""
    if (
        not 1 <= month <= 12
        or not 1900 <= year <= 2200
        or not 1 <= day <= monthrange(year, month)[1]
    ):
        return None
    return date(year, month, day)


def nearest(month: int, day: int, today: date, *, ahead: int) -> date | None:
    """Return the next day of a month, or the last one; None where no year has it.

    Where it may lie ahead or behind, it is the next one, unless it was a few weeks ago.
    """
    years: Iterable[int] = range(today.year, today.year + 9)
    if ahead == EITHER:
        last = nearest(month, day, today, ahead=BEHIND)
        if last is not None and today - last <= _LATELY:
            return last
    if ahead == BEHIND:
        years = range(today.year, today.year - 9, -1)
    for year in years:
        found = made(year, month, day)
        if found is not None and (found <= today if ahead == BEHIND else found >= today):
            return found
    return None


def nearest_day(day: int, today: date, *, ahead: int) -> date | None:
    """Return the next day of that number in a month, or the last one."""
    year, month = today.year, today.month
    for _ in range(4):
        found = made(year, month, day)
        if found is not None and (found <= today if ahead == BEHIND else found >= today):
            return found
        year, month = shifted(year, month, -1 if ahead == BEHIND else 1)
    return None


def shifted(year: int, month: int, by: int) -> tuple[int, int]:
    """Return a month some months later."""
    years, left = divmod(year * 12 + month - 1 + by, 12)
    return years, left + 1


def months_later(day: date, by: int) -> date:
    """Return the same day of a month some months later, or that month's last."""
    year, month = shifted(day.year, day.month, by)
    year = min(max(year, 1900), 2200)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def whole_month(year: int, month: int) -> Days:
    """Return the days of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def week_of(day: date, by: int = 0) -> Days:
    """Return Monday and Sunday of a week."""
    monday = day - timedelta(days=day.weekday()) + timedelta(days=_WEEK * by)
    return monday, monday + timedelta(days=_WEEK - 1)


def on_weekday(weekday: int, today: date, *, ahead: int) -> tuple[date, ...]:
    """Return the next such day, or the last; today and the one after it, on that day itself."""
    if ahead != BEHIND:
        first = today + timedelta(days=(weekday - today.weekday()) % _WEEK)
        return (first, first + timedelta(days=_WEEK)) if first == today else (first,)
    first = today - timedelta(days=(today.weekday() - weekday) % _WEEK)
    return (first, first - timedelta(days=_WEEK)) if first == today else (first,)


def nearest_weekday(weekday: int, day: date) -> date:
    """Return the weekday that is at most three days from a date."""
    days = (weekday - day.weekday()) % _WEEK
    return day + timedelta(days=days if days <= _WEEK // 2 else days - _WEEK)


def with_both(weekday: int, day: int, first: date, *, ahead: int) -> date | None:
    """Return the date nearest to the first one that is a weekday and a day of a month.

    None within three years.
    """
    for months in range(36):
        for by in {AHEAD: (1,), EITHER: (-1, 1), BEHIND: (-1,)}[ahead]:
            found = made(*shifted(first.year, first.month, by * months), day)
            if found is not None and found.weekday() == weekday:
                return found
    return None
