"""Dates that are told from today: tomorrow, Friday, next week, in three days, two weeks ago."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.answering.forms.extraction.calendar_words import weekday_at
from bot.answering.forms.extraction.days import (
    AHEAD,
    Day,
    Days,
    months_later,
    nearest,
    on_weekday,
    shifted,
    single,
    week_of,
    whole_month,
)
from bot.answering.forms.extraction.spans import MINUTES, Span, span_at
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import begins, ends, numbered

_NAMED = (
    ("in_three_days", 3),
    ("day_after_tomorrow", 2),
    ("day_before_yesterday", -2),
    ("tomorrow", 1),
    ("yesterday", -1),
    ("today", 0),
)
_MOST_DAYS = 36_500
_SATURDAY, _WEEK = 5, 7


def relative_at(
    said: Answer, start: int, now: datetime, language: str, *, ahead: int
) -> Day | None:
    """Return the days told from today that begin at a token."""
    return (
        _span_from_day(said, start, now, language)
        or _span_from_now(said, start, now, language)
        or _named(said, start, now.date(), language)
        or _of_the_year(said, start, now.date(), language, ahead=ahead)
        or _weekday(said, start, now.date(), language, ahead=ahead)
        or _period(said, start, now.date(), language)
    )


def _named(said: Answer, start: int, today: date, language: str) -> Day | None:
    found = [(ends(name, said, start, language), days) for name, days in _NAMED]
    end, days = max(found, key=lambda each: each[0])
    return Day(start, end, single(today + timedelta(days=days))) if end else None


def _of_the_year(said: Answer, start: int, today: date, language: str, *, ahead: int) -> Day | None:
    """Read days that have a name and the same date every year: "Halloween"."""
    found = numbered("named_days", language).at(said.tokens, start)
    if not found:
        return None
    month, _, day = found[0].meaning.partition("-")
    return Day(start, found[0].end, single(nearest(int(month), int(day), today, ahead=ahead)))


def moment(said: Answer, start: int, now: datetime, language: str) -> tuple[datetime, Span] | None:
    """Return the moment that a span leads to, with all its tokens: "in 3 hours", "2 days ago"."""
    for name, sign in (("in", 1), ("ago_before", -1)):
        end = ends(name, said, start, language)
        found = span_at(said, end, language) if 0 < end < len(said.tokens) else None
        if found is not None and not _goes_on(said, found.end, language):
            after = ends("from_now", said, found.end, language) if _more(said, found.end) else 0
            return _moved(now, replace(found, start=start, end=after or found.end), sign)
    found = span_at(said, start, language)
    if found is None or not _more(said, found.end):
        return None
    for name, sign in (("from_now", 1), ("ago", -1)):
        if end := ends(name, said, found.end, language):
            return _moved(now, replace(found, end=end), sign)
    return None


def _goes_on(said: Answer, place: int, language: str) -> bool:
    """Return whether a span is one of something: "after three weeks of waiting"."""
    return _more(said, place) and bool(ends("of", said, place, language))


def _more(said: Answer, place: int) -> bool:
    return place < len(said.tokens)


def _moved(now: datetime, span: Span, sign: int) -> tuple[datetime, Span] | None:
    if span.days > _MOST_DAYS:
        return None
    if span.unit in MINUTES:
        return now + timedelta(minutes=sign * int(span.amount * MINUTES[span.unit])), span
    months = sign * int(span.amount * (12 if span.unit == "year" else 1))
    day = months_later(now.date(), months)
    return now.replace(year=day.year, month=day.month, day=day.day), span


def _span_from_now(said: Answer, start: int, now: datetime, language: str) -> Day | None:
    today = ends("today", said, start, language)
    place = today or start
    found = moment(said, place, now, language) if _more(said, place) else None
    if found is None:
        return None
    end = found[1].end
    after = ends("today", said, end, language) if _more(said, end) and not today else 0
    return Day(start, after or end, single(found[0].date()))


def _span_from_day(said: Answer, start: int, now: datetime, language: str) -> Day | None:
    """Read "a week from Friday", "two days after tomorrow", "a week on Tuesday"."""
    found = span_at(said, start, language)
    if found is None or found.unit not in MINUTES or found.days > _MOST_DAYS:
        return None
    place = max(ends(name, said, found.end, language) for name in ("range_from", "on"))
    place = place or (found.end if found.unit == "week" else 0)
    if not place or not _more(said, place):
        return None
    today = now.date()
    day = _named(said, place, today, language) or _weekday(
        said, place, today, language, ahead=AHEAD
    )
    if day is None or not day.options:
        return None
    return replace(
        day, start=start, options=single(day.options[0][0] + timedelta(days=int(found.days)))
    )


def _weekday(said: Answer, start: int, today: date, language: str, *, ahead: int) -> Day | None:
    """Read "Friday", "next Friday", "vendredi prochain", 下周五."""
    weekday, end = weekday_at(said, start, language)
    if end:
        return _with_week(said, start, end, weekday, today, language, ahead=ahead)
    for name in ("next", "last", "this"):
        phrase = ends(name, said, start, language)
        unit = ends("week", said, phrase, language) if phrase and _more(said, phrase) else 0
        if unit and (on := weekday_at(said, _after_of(said, unit, language), language))[1]:
            options = _in_week(name, on[0], today, sure=True)
            return Day(start, on[1], single(*options), weekday=True)
        for place in range(start + 1, phrase + 1) if phrase else ():
            weekday, end = weekday_at(said, place, language)
            if end:
                week = place < phrase or begins(("week",), said, phrase, language) > start
                sure = week or language.startswith(("zh", "ja"))
                options = _in_week(name, weekday, today, sure=sure)
                return Day(start, end, single(*options), weekday=True)
    return None


def _after_of(said: Answer, place: int, language: str) -> int:
    """Return the place behind a word such as "on"."""
    if not _more(said, place):
        return place
    return max(ends(name, said, place, language) for name in ("of", "on")) or place


def _in_week(name: str, weekday: int, today: date, *, sure: bool) -> tuple[date, ...]:
    """Return the day of this, the next or the last week; the nearest, where it may be meant."""
    this = week_of(today)[0] + timedelta(days=weekday)
    if name == "this":
        return (this if this >= today else this + timedelta(days=7),)
    if name == "last":
        before = week_of(today, -1)[0] + timedelta(days=weekday)
        return (before,) if sure or this >= today else (this,)
    following = week_of(today, 1)[0] + timedelta(days=weekday)
    return (following,) if sure or this <= today else (this, following)


def _with_week(
    said: Answer,
    start: int,
    end: int,
    weekday: int,
    today: date,
    language: str,
    *,
    ahead: int,
) -> Day:
    """Return a weekday with what is said of its week behind it: "Friday next week"."""
    for name in ("next", "last", "this"):
        phrase = ends(name, said, end, language) if _more(said, end) else 0
        if not phrase:
            continue
        week = ends("week", said, phrase, language) if _more(said, phrase) else 0
        if begins(("week",), said, phrase, language) > end:
            week = phrase
        if week or not weekday_at(said, phrase, language)[1]:
            options = _in_week(name, weekday, today, sure=bool(week))
            return Day(start, week or phrase, single(*options), weekday=True)
    week = ends("week", said, end, language)
    later = (_WEEK, week) if week else _weeks_later(said, end, language)
    if later is not None:
        first = on_weekday(weekday, today, ahead=AHEAD)[0]
        return Day(start, later[1], single(first + timedelta(days=later[0])), weekday=True)
    options = on_weekday(weekday, today, ahead=ahead)
    return Day(start, end, single(*options), weekday=True)


def _weeks_later(said: Answer, place: int, language: str) -> tuple[int, int] | None:
    """Return the days of "Wednesday in a week", and where it ends."""
    end = ends("in", said, place, language) if _more(said, place) else 0
    found = span_at(said, end, language) if end and _more(said, end) else None
    if found is None or found.unit != "week" or found.days > _MOST_DAYS:
        return None
    return int(found.days), found.end


def _period(said: Answer, start: int, today: date, language: str) -> Day | None:
    """Read "next week", "this month", "last year", "the weekend"."""
    for name, by in (("next", 1), ("last", -1), ("this", 0)):
        phrase = ends(name, said, start, language)
        if phrase and by and (span := span_at(said, phrase, language)) is not None:
            return _counted(start, span, today, by)
        for place in range(start, phrase + 1) if phrase else ():
            for unit in ("weekend", "week", "month", "year"):
                end = ends(unit, said, place, language) if _more(said, place) else 0
                if end >= phrase > 0 and end:
                    return Day(start, end, _days_of(unit, today, by))
    end = ends("weekend", said, start, language)
    return Day(start, end, _days_of("weekend", today, 0)) if end else None


def _counted(start: int, span: Span, today: date, by: int) -> Day | None:
    """Read "the last three days", until today."""
    if span.days > _MOST_DAYS:
        return None
    if span.unit in MINUTES:
        other = today + timedelta(days=by * int(span.days))
    else:
        other = months_later(today, by * int(span.amount * (12 if span.unit == "year" else 1)))
    return Day(start, span.end, ((min(today, other), max(today, other)),))


def _days_of(unit: str, today: date, by: int) -> tuple[Days, ...]:
    if unit == "week":
        return (week_of(today, by),)
    if unit == "weekend":
        saturday = week_of(today, by)[0] + timedelta(days=_SATURDAY)
        return ((saturday, saturday + timedelta(days=1)),)
    if unit == "month":
        return (whole_month(*shifted(today.year, today.month, by)),)
    return ((date(today.year + by, 1, 1), date(today.year + by, 12, 31)),)
