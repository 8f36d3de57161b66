"""Dates that name a day of a month: 2026-07-15, 3.5., the 3rd of May, May 3, 5月3日, the 31st."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.answering.forms.extraction.calendar_words import is_common, month_at
from bot.answering.forms.extraction.days import (
    Day,
    made,
    nearest,
    nearest_day,
    single,
    whole_month,
)
from bot.answering.forms.extraction.numbers import number_at
from bot.answering.forms.extraction.tokens import Answer
from bot.answering.forms.extraction.vocabulary import ends, locale

_MONTHS, _DAYS, _YEAR, _SHORT = 12, 31, 4, 2
_CENTURY, _TURN = 100, 70

LONE, OF_MONTH, WRITTEN = 1, 2, 3
"""How sure a date is: a bare number, a day of a month, a date."""


def date_at(said: Answer, start: int, today: date, language: str, *, ahead: int) -> Day | None:
    """Return the date that begins at a token."""
    return (
        _ideographic(said, start, today, ahead=ahead)
        or _numeric(said, start, today, language, ahead=ahead)
        or _day_first(said, start, today, language, ahead=ahead)
        or _month_first(said, start, today, language, ahead=ahead)
        or _day_alone(said, start, today, language, ahead=ahead)
    )


def _ideographic(said: Answer, start: int, today: date, *, ahead: int) -> Day | None:
    """Read 2026年5月3日, 5月3号, 五月三日."""
    place, parts = start, {}
    for sign, name in (("年", "year"), ("月", "month"), ("日号號", "day")):
        if place >= len(said.tokens):
            break
        number, end = number_at(said, place, "zh-x")
        if number is None or number.whole < 0:
            continue
        end -= number.ordinal  # its sign was read with it
        if end < len(said.tokens) and said.tokens[end].folded in sign:
            parts[name], place = number.whole, end + 1
    if "month" not in parts:
        return None
    year, month, day = parts.get("year", 0), parts["month"], parts.get("day", 0)
    return _of_parts(start, place, (year, month, day), today, ahead=ahead)


def _of_parts(
    start: int, end: int, parts: tuple[int, int, int], today: date, *, ahead: int
) -> Day | None:
    """Return the day of a year, month and day; a year or day of 0 was not said."""
    year, month, day = parts
    if not 1 <= month <= _MONTHS:
        return None
    if not day:
        first = date(year, month, 1) if year else nearest(month, 1, today, ahead=ahead)
        if first is None:
            return None
        if not year and month == today.month:
            first = today
        return Day(start, end, (whole_month(first.year, month),))
    found = made(year, month, day) if year else nearest(month, day, today, ahead=ahead)
    return Day(start, end, single(found), year=bool(year))


def _numeric(said: Answer, start: int, today: date, language: str, *, ahead: int) -> Day | None:
    """Read numbers with marks between them, in the order of the language."""
    tokens = said.tokens
    parts, mark, place = [tokens[start].folded], "", start + 1
    if not tokens[start].is_number or (start and tokens[start].glued and _is_mark(said, start - 1)):
        return None
    while place + 1 < len(tokens) and len(parts) < 3 and _is_mark(said, place):
        same = not mark or tokens[place].folded == mark
        if not (same and tokens[place + 1].is_number) or not tokens[place].glued:
            break
        mark = tokens[place].folded
        parts.append(tokens[place + 1].folded)
        place += 2
    if len(parts) == 2 and (mark == "-" or (mark == "." and not _dotted(language))):
        return None
    if len(parts) < 2 or any(len(part) > _SHORT for part in _days_and_months(parts)):
        return None
    place += len(parts) == 2 and mark == "." and place < len(tokens) and _is_dot(said, place)
    options = _orders(parts, mark, language)
    found = [_of_parts(start, place, each, today, ahead=ahead) for each in options]
    days = [each for each in found if each is not None]
    if not days:
        return None
    every = tuple(dict.fromkeys(option for each in days for option in each.options))
    return Day(start, place, every, WRITTEN if len(parts) == 3 else OF_MONTH)


def _days_and_months(parts: list[str]) -> list[str]:
    """Return the parts of a date that are no year; all, where none has the length of one."""
    if len(parts) < 3:
        return parts
    return parts[1:] if len(parts[0]) == _YEAR else [*parts[:2], parts[2][_YEAR:] or "0"]


def _is_dot(said: Answer, place: int) -> bool:
    return said.tokens[place].folded == "." and said.tokens[place].glued


def _is_mark(said: Answer, place: int) -> bool:
    return said.tokens[place].folded in {".", "-", "/"}


def _dotted(language: str) -> bool:
    """Return whether dates are written with dots: 3.5."""
    return "." in str(locale(language).date_formats["short"].pattern)


def _orders(parts: list[str], mark: str, language: str) -> list[tuple[int, int, int]]:
    """Return year, month and day in each order that the language allows."""
    numbers = [int(part) for part in parts]
    if len(parts) == 3 and len(parts[0]) == _YEAR:
        return [(numbers[0], numbers[1], numbers[2])]
    year = _full_year(parts[2]) if len(parts) == 3 else 0
    day_first, month_first = (year, numbers[1], numbers[0]), (year, numbers[0], numbers[1])
    pattern = str(locale(language).date_formats["short"].pattern).lower()
    if mark == ".":
        orders = [day_first]
    elif language.partition("-")[0] == "en":
        orders = [month_first, day_first]
    elif pattern.find("m") < pattern.find("d"):
        orders = [month_first]
    else:
        orders = [day_first]
    valid = [each for each in orders if each[1] <= _MONTHS and 1 <= each[2] <= _DAYS]
    swapped = [(year, day, month) for _, month, day in orders]
    return list(dict.fromkeys(valid or [each for each in swapped if each[1] <= _MONTHS]))


def _full_year(written: str) -> int:
    year = int(written)
    if len(written) > 2:
        return year
    return year + (2000 if year < _TURN else 1900)


def _day_of_month(said: Answer, start: int, language: str) -> tuple[int, int, bool]:
    """Return the day that a number says, where it ends, and whether it is surely one: "3rd"."""
    number, end = number_at(said, start, language) if start < len(said.tokens) else (None, 0)
    if number is None or not 1 <= number.whole <= _DAYS:
        return 0, 0, False
    if number.ordinal or end >= len(said.tokens):
        return number.whole, end, number.ordinal
    if _is_dot(said, end) and number.digits and _dotted(language):
        return number.whole, end + 1, end + 1 < len(said.tokens)
    signed = ends("ordinal_signs", said, end, language)
    return number.whole, signed or end, bool(signed)


def _day_first(said: Answer, start: int, today: date, language: str, *, ahead: int) -> Day | None:
    """Read "3rd of May 2026"."""
    day, end, _ = _day_of_month(said, start, language)
    if not day or end >= len(said.tokens):
        return None
    end = _past(said, end, language)
    month, after = month_at(said, end, language)
    if not after:
        return None
    year, after = _year(said, after, language)
    return _of_parts(start, after, (year, month, day), today, ahead=ahead)


def _month_first(said: Answer, start: int, today: date, language: str, *, ahead: int) -> Day | None:
    """Read "May the 3rd, 2026", and a month alone."""
    month, end = month_at(said, start, language)
    if not end:
        return None
    place = _past(said, end, language)
    day, after, _ = _day_of_month(said, place, language)
    if day and not _is_clock(said, after):
        year, after = _year(said, after, language)
        return _of_parts(start, after, (year, month, day), today, ahead=ahead)
    year, after = _year(said, end, language)
    if not year and is_common(said, start, end, language):
        return None
    return _of_parts(start, after, (year, month, 0), today, ahead=ahead)


def _is_clock(said: Answer, place: int) -> bool:
    return place < len(said.tokens) and said.tokens[place].folded == ":"


def _past(said: Answer, place: int, language: str) -> int:
    """Return the place behind words and marks between a day and its month."""
    for _ in range(2):
        if place < len(said.tokens) and said.tokens[place].folded in {",", "-"}:
            place += 1
        elif place < len(said.tokens) and (end := ends("of", said, place, language)):
            place = end
    return place


def _year(said: Answer, place: int, language: str) -> tuple[int, int]:
    """Return the year that follows a day and month, and where it ends; 0: none does."""
    end = _past(said, place, language)
    if end >= len(said.tokens):
        return 0, place
    token = said.tokens[end]
    if token.is_number and len(token.folded) == _YEAR and 1900 <= int(token.folded) <= 2200:
        return int(token.folded), end + 1
    if token.folded in "'’" and end + 1 < len(said.tokens):
        short = said.tokens[end + 1]
        if short.is_number and short.glued and len(short.folded) == 2:
            return _full_year(short.folded), end + 2
    return 0, place


def _day_alone(said: Answer, start: int, today: date, language: str, *, ahead: int) -> Day | None:
    """Read "the 31st", and a bare number, which may be anything."""
    day, end, told = _day_of_month(said, start, language)
    if not day or _is_clock(said, end):
        return None
    found = Day(start, end, single(nearest_day(day, today, ahead=ahead)), LONE)
    return replace(found, sure=OF_MONTH if told else LONE, open=day)
