"""`hours:` of a team: weekly spans, holidays and the time zone, and how they are parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BeforeValidator

from bot.config.types import Section
from bot.yamlfile import mistake, resembling

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

DAY = 24 * 60
"""Minutes."""

Spans = tuple[tuple[int, int], ...]
"""From and until, in minutes since the midnight that begins the day; beyond `DAY`: on the next."""

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_CODE = re.compile(r"([A-Z]{2})(?:-([A-Za-z0-9]{1,20}))?")


def read_spans(value: object) -> Spans:
    """Read spans of a day, separated by commas.

    >>> read_spans("9:00-12:00, 22:00-02:00")
    ((540, 720), (1320, 1560))
    """
    texts = value.split(",") if isinstance(value, str) else value
    if not isinstance(texts, (list, tuple)) or not texts:
        raise mistake("no spans of a day", _SPANS)
    return tuple(sorted(_span(each) for each in texts))


_SPANS = "write for example 9:00-12:00, 13:00-17:30"


def _span(text: object) -> tuple[int, int]:
    if isinstance(text, (list, tuple)):  # read before, and handed to another process
        begins, ends = (int(each) for each in text)
        return begins, ends
    found = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise mistake(f'"{text}" is no span of a day', _SPANS)
    first, first_minute, last, last_minute = map(int, found.groups())
    begins, ends = first * 60 + first_minute, last * 60 + last_minute
    if begins >= DAY or ends > DAY or max(first_minute, last_minute) > 59 or begins == ends:
        raise mistake(f'"{text}" is no span of a day', "write hours from 0:00 to 24:00")
    return begins, ends if ends > begins else ends + DAY


def read_week(value: object) -> object:
    """Read spans by day: `mon`, `mon-fri`, `daily`, or several separated by commas."""
    if not isinstance(value, Mapping) or not value:
        raise mistake("no hours by day", "write for example `mon-fri: 9:00-17:00` below it")
    week: dict[str, Spans] = {}
    for names, spans in value.items():
        for day in _days(str(names)):
            if day in week:
                raise mistake(f'the hours of "{day}" stand there twice', "write each day once")
            week[day] = read_spans(spans)
    return week


def _days(names: str) -> Iterator[str]:
    for name in names.lower().split(","):
        first, dash, last = (part.strip() for part in name.partition("-"))
        if first == "daily" and not dash:
            yield from DAYS
            continue
        for each in (first, last) if dash else (first,):
            if each not in DAYS:
                raise mistake(f'"{each}" is no day', resembling(each, (*DAYS, "daily")))
        begins, ends = DAYS.index(first), DAYS.index(last or first)
        yield from (
            DAYS[begins : ends + 1] if ends >= begins else (*DAYS[begins:], *DAYS[: ends + 1])
        )


def read_zone(value: object) -> object:
    """Validate the name of a time zone."""
    try:
        return str(ZoneInfo(str(value)))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        remedy = resembling(str(value), sorted(available_timezones()))
        raise mistake(f'"{value}" is no time zone', remedy) from None


def read_holidays(value: object) -> object:
    """Validate the code of a country, or of a part of it, whose public holidays are known."""
    if value is None:
        return value
    if value is False:  # YAML reads `no`, which is Norway, as false
        return "NO"
    found = _CODE.fullmatch(str(value).strip())
    country, part = found.groups() if found else ("", None)
    known = holiday_countries()
    if country not in known:
        remedy = "write the code of a country, as in DE or US, or of a part of it, as in DE-BE"
        raise mistake(f'the holidays of "{value}" are not known', remedy)
    if part is not None and part not in known[country]:
        remedy = resembling(part, known[country]) if known[country] else f"write {country}"
        raise mistake(f'"{part}" is no part of {country} with holidays of its own', remedy)
    return str(value).strip()


@cache
def holiday_countries() -> Mapping[str, tuple[str, ...]]:
    """Return the countries whose holidays are known, each with its parts."""
    from holidays.utils import list_supported_countries

    found = list_supported_countries(include_aliases=True)
    return {country: tuple(parts) for country, parts in found.items()}


class HoursConfig(Section):
    """`hours:` when somebody of a team is there."""

    zone: Annotated[str, BeforeValidator(read_zone)] = "UTC"
    """Time zone of the hours, as in `Europe/Berlin`."""

    open: Annotated[dict[str, Spans], BeforeValidator(read_week)]
    """Spans by day, as in `mon-fri: 9:00-12:00, 13:00-17:30`; one may end after midnight."""

    holidays: Annotated[str | None, BeforeValidator(read_holidays)] = None
    """Country, or a part of it, on whose public holidays nobody is there, as in `DE` or `DE-BE`."""
