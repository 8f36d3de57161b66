"""Recogniser of street addresses in the forms of many countries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.privacy.recognisers.gazetteer import gazetteer
from bot.privacy.recognisers.places import address_end
from bot.privacy.recognisers.street_forms import FORMS
from bot.privacy.spans import ADDRESS, Span, matches

_CHINESE = re.compile(
    r"(?:路|街|大道|道|巷|弄|胡同)(?:[一二三四五六七八九十]{1,3}段)?"
    r"(?:\s?\d{1,5}\s?(?:巷|弄))*\s?\d{1,5}\s?(?:号|號|弄)"
    r"(?:院?\s?\d{1,4}\s?(?:[号號]?[楼樓]|栋|棟|幢|单元|單元|室))*(?:\s?\d{1,5}\s?室)?院?"
)
_CHINESE_PLACE = re.compile(
    r"(?:[^\u4e00-\u9fff]|住在|在|是|到|寄|往|为|址)(?P<it>[\u4e00-\u9fff]*)\Z"
)
_CHINESE_LONGEST = 24
"""Ideographs of province, city, district and street."""

_HOUSE = re.compile(
    r"(?<![\w.,-])(?:(?:\d{1,6}[A-Za-z]?,?\s{1,2}|\d{1,4}/){1,2}"
    r"|(?:flat|unit|apt|apartment|suite|studio|level|floor"
    r"|lot)\s[A-Za-z]?\d{1,5}[A-Za-z]?,?\s{1,2}(?:\d{1,6}\s|\d{1,4}/)?)\Z",
    re.IGNORECASE,
)
"""A unit, or one or two numbers, directly before a street."""

_BEFORE = 28
"""Characters before a street searched for such numbers."""

_NUMBERED_OTHERWISE = re.compile(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|chapter"
    r"|section|page|part|step|level|size|version|windows|iphone|android|galaxy|model|type|season"
    r"|episode|week|day|year|figure|table|order|number|no|article|version|gate|terminal|line|flight"
    r"|top|about|over|under|only|just|almost|around|world war|boeing|airbus|formula)\b\.?\s*\d"
    r"|\d{1,2},?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
"""Dates, sizes, chapters: words with a number that are not streets."""

_FOLLOWING = re.compile(r"[ ](?P<word>[^\W\d_]{2,20})\b")

_FEW = re.compile(r"(?:\d{1,2}|20\d\d)[ ]")


def _chinese(text: str) -> Iterator[Span]:
    """Yield streets with a number, extended to the beginning of the place name."""
    for match in _CHINESE.finditer(text):
        first = max(0, match.start() - _CHINESE_LONGEST)
        place = _CHINESE_PLACE.search(text, first, match.start())
        yield Span(place.start("it") if place else first, match.end(), ADDRESS)


def addresses(text: str) -> Iterator[Span]:
    """Yield street addresses; a street without a number identifies no home."""
    if any(character.isdecimal() for character in text):
        yield from _chinese(text)
        yield from _joined(sorted(_written(text)))


def _written(text: str) -> Iterator[Span]:
    """Yield what each form finds, with what belongs to it before and behind."""
    for form in FORMS:
        for span in matches(form, text, ADDRESS):
            written = text[span.start : span.end].rstrip(" ,\n\t")
            if not _NUMBERED_OTHERWISE.match(written):
                house = _HOUSE.search(text, max(0, span.start - _BEFORE), span.start)
                start = house.start() if house else span.start
                end = address_end(text, span.start, span.start + len(written))
                if not _is_amount(text, span.start, end):
                    yield Span(start, end, ADDRESS)


def _is_amount(text: str, start: int, end: int) -> bool:
    """Return whether what looks like a street is a number of things: "12 Summit Trail poles"."""
    following = _FOLLOWING.match(text, end) if _FEW.match(text, start) else None
    return following is not None and following["word"] in gazetteer().things


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    """Yield spans in order; overlapping ones, of different forms, as one."""
    joined: Span | None = None
    for span in spans:
        if joined and span.start < joined.end:
            joined = Span(joined.start, max(joined.end, span.end), ADDRESS)
        else:
            if joined:
                yield joined
            joined = span
    if joined:
        yield joined
