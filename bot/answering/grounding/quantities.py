"""Quantities: numbers with their units and bounds, in canonical units.

Belongs to `gpt.answers: rephrase`.
"""

from __future__ import annotations

import re
from calendar import month_name
from dataclasses import dataclass

from bot.answering.grounding.bounds import bounded
from bot.answering.grounding.numerals import in_digits
from bot.answering.grounding.units import (
    CURRENCIES,
    CURRENCY,
    CURRENCY_BEFORE,
    HUNDREDTHS,
    UNITS,
)

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?")
_CLOCK = re.compile(
    r"(?<![\d:])(?P<hour>[01]?\d"
    r"|2[0-4])(?::(?P<minute>[0-5]\d))(?!\d)(?:\s*(?P<half>[ap])\.?m\b\.?)?"
    r"|(?<![\d:])(?P<hour2>1[0-2]|[1-9])\s*(?P<half2>[ap])\.?m\b\.?"
    r"|(?P<half3>上午|早上|下午|晚上|中午)?\s*(?P<hour3>[01]?\d|2[0-4])\s*点(?:(?P<minute3>[0-5]?\d)分?)?",
    re.IGNORECASE,
)
_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY_OF_MONTH = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTHS})\b"
    rf"|\b(?P<month2>{_MONTHS})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[:%€$£])"
    r"|(?P<month3>\d{1,2})\s*月\s*(?P<day3>\d{1,2})\s*[日号]",
    re.IGNORECASE,
)
_MONTH = {month[:3].lower(): number for number, month in enumerate(month_name) if month}
_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_JOINS = re.compile(r"\s*(?:-|–|—|~|to|or|and|through|bis|至|到|或)\s*$", re.IGNORECASE)
_MINUS = re.compile(r"(?:(?<![\w.,)])[-−–]|\bminus\s|零下\s?|负)\s?$", re.IGNORECASE)

_BEFORE = 80
"""Characters before a number searched for its currency, sign and bound."""

_AT_MOST = re.compile(
    r"(?:\bup to|\bat (?:the )?most|\bno(?:t)? (?:more|longer|later|older|heavier) than"
    r"|\bmaximum(?: of)?|\bmax\.?|\bas (?:many|much|long) as"
    r"|\bwithin|\bless than|\bfewer than|\bunder|\bbelow|\bnot exceed(?:ing)?|\blimited to"
    r"|最多|至多|不超过|少于|低于|不到|小于)(?:\s+(?:the )?(?:first |last |about )?)?$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:\bat least|\bmore than|\bover|\babove|\bminimum(?: of)?|\bmin\.?|\bfrom"
    r"|\bno(?:t)? (?:less|fewer|shorter) than"
    r"|\bexceed(?:s|ing)?|\blonger than|\bheavier than|至少|最少|超过|多于|高于|大于|不少于|满"
    r"|起码|门槛(?:是|为)?:?|\bfree from:?)\s*(?:about\s*)?$",
    re.IGNORECASE,
)
_AT_MOST_AFTER = re.compile(
    r"\s*(?:or (?:less|fewer|under|below)|at (?:the )?most|max(?:imum)?\b"
    r"|之?以?内|以下|之内)",
    re.IGNORECASE,
)
_AT_LEAST_AFTER = re.compile(
    r"\s*(?:(?:ahead |before |in advance )?at least"
    r"|(?:\w+ )?or (?:more|above|over|longer|up)|and (?:more|above|over|up)\b"
    r"|\+|以上|起)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"[^,;.]{0,20}?\s(?:to|until|till|through)\s+[€$£]?\d", re.IGNORECASE)
_UNTIL_TIME = frozenset({"time", "month", "workday", "workhour"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number.

    Attributes:
        value: In the canonical unit: durations in seconds or months, sizes in mm, g, l.
        unit: Canonical unit; empty for a bare number, `*` for one whose unit is elsewhere.
        bound: `most` (up to, within), `least` (from, more than), or empty.
        start, end: Its position in the text that was parsed.
    """

    value: float
    unit: str
    bound: str
    start: int
    end: int

    def is_same(self, other: Quantity) -> bool:
        """Return whether two quantities are equal; a bare number equals any unit."""
        close = abs(self.value - other.value) <= 1e-6 * max(1.0, abs(self.value))
        return close and (
            self.unit == other.unit
            or not self.unit
            or other.unit == "*"
            or self.unit in HUNDREDTHS.get(other.unit, ())
            or other.unit in HUNDREDTHS.get(self.unit, ())
        )


@dataclass(frozen=True, slots=True)
class TextQuantities:
    """The quantities of a text, and the rest of its words.

    Attributes:
        words: The text with each quantity and its bounds blanked, in the same places.
    """

    quantities: tuple[Quantity, ...]
    words: str


@bounded
def measure(text: str) -> TextQuantities:
    """Parse the quantities of a text.

    >>> [(q.value, q.unit) for q in measure("Two weeks or 1,000 euros, at 4 pm").quantities]
    [(1209600.0, 'time'), (1000.0, 'eur'), (960.0, 'clock')]
    >>> measure("最多14天").quantities == measure("at most 14 days").quantities
    False
    """
    text = in_digits(text)
    found: list[Quantity] = []
    taken = text
    for clock in _CLOCK.finditer(text):
        found.append(Quantity(_minutes(clock), "clock", "", clock.start(), clock.end()))
        taken = _blank(taken, clock.start(), clock.end())
    found += [
        Quantity(float("".join(date.groups())), "date", "", date.start(), date.end())
        for date in _DATE.finditer(taken)
    ]
    found += [_day_of_month(date) for date in _DAY_OF_MONTH.finditer(taken) if _is_date(date)]
    for date in [q for q in found if q.unit in {"date", "day"}]:
        taken = _blank(taken, date.start, date.end)
    numbers = [_quantity(taken, number) for number in _NUMBER.finditer(taken)]
    numbers = _inherit(taken, numbers)
    for start, end in [_bounding(taken, quantity) for quantity in numbers]:
        taken = _blank(taken, start, end)
    return TextQuantities(tuple(sorted([*found, *numbers], key=lambda q: q.start)), taken)


def _quantity(text: str, number: re.Match[str]) -> Quantity:
    value, start, end = _value(number.group()), number.start(), number.end()
    unit, factor = "", 1.0
    if currency := CURRENCY_BEFORE.search(text, max(start - _BEFORE, 0), start):
        unit, start = CURRENCY[currency[1].lower()], currency.start()
    else:
        for pattern, name, scale in UNITS:
            if behind := pattern.match(text, end):
                unit, factor, end = name, scale, behind.end()
                break
    if minus := _MINUS.search(text, max(start - _BEFORE, 0), start):
        value, start = -value, minus.start()
    return Quantity(value * factor, unit, _bound(text, start, end, unit), start, end)


def _bound(text: str, start: int, end: int, unit: str) -> str:
    before = text[max(start - _BEFORE, 0) : start].rstrip()
    if _AT_MOST.search(before) or _AT_MOST_AFTER.match(text, end):
        return "most"
    if _AT_LEAST.search(before) or _AT_LEAST_AFTER.match(text, end):
        weak = unit in _UNTIL_TIME or _RANGE.match(text, end)
        if before.lower().endswith("from") and weak:
            return ""  # "from 1 May to 3 June", "60 days from delivery": nothing is bounded
        return "least"
    return ""


def _bounding(text: str, quantity: Quantity) -> tuple[int, int]:
    """Return the position of a quantity with the words that bound it."""
    start, end = quantity.start, quantity.end
    first = max(start - _BEFORE, 0)
    before = text[first:start].rstrip()
    if quantity.bound and (found := _AT_MOST.search(before) or _AT_LEAST.search(before)):
        start = first + found.start()
    if quantity.bound and (
        found := _AT_MOST_AFTER.match(text, end) or _AT_LEAST_AFTER.match(text, end)
    ):
        end = found.end()
    return start, end


def _inherit(text: str, numbers: list[Quantity]) -> list[Quantity]:
    """Give the first number of a range such as `1 to 3 days` the unit of the second."""
    result = list(numbers)
    for place in range(len(result) - 1, 0, -1):
        left, right = result[place - 1], result[place]
        between = text[left.end : right.start]
        if not _JOINS.fullmatch(between):
            continue
        if not left.unit and right.unit:
            factor = _factor(text, right)
            result[place - 1] = Quantity(
                left.value * factor, right.unit, left.bound, left.start, left.end
            )
        elif left.unit in CURRENCIES and not right.unit:
            result[place] = Quantity(right.value, left.unit, right.bound, right.start, right.end)
    return result


def _factor(text: str, quantity: Quantity) -> float:
    number = _NUMBER.search(text, quantity.start, quantity.end)
    plain = _value(number.group()) if number else 0.0
    return abs(quantity.value) / plain if plain else 1.0


def _minutes(clock: re.Match[str]) -> float:
    hour = int(clock["hour"] or clock["hour2"] or clock["hour3"])
    minute = int(clock["minute"] or clock["minute3"] or 0)
    half = (clock["half"] or clock["half2"] or clock["half3"] or "").lower()
    if half in {"p", "下午", "晚上"} and hour < 12:
        hour += 12
    return float(hour * 60 + minute)


def _is_date(found: re.Match[str]) -> bool:
    """Return whether a number and a month are a date: in "under 16 may", the month is a verb."""
    return "may" not in (found["month"], found["month2"])


def _day_of_month(found: re.Match[str]) -> Quantity:
    """Parse `1 January`; the month's name stays a word as well."""
    which = next(name for name in ("day", "day2", "day3") if found[name])
    month = found[which.replace("day", "month")]
    number = int(month) if month.isdigit() else _MONTH[month[:3].lower()]
    if which == "day3":
        return Quantity(100.0 * number + int(found[which]), "day", "", found.start(), found.end())
    start, end = found.span(which)
    return Quantity(100.0 * number + int(found[which]), "day", "", start, end)


@bounded
def _value(digits: str) -> float:
    """Parse `1,000.5` and `4,95`.

    >>> _value("1,000"), _value("4,95"), _value("4.95")
    (1000.0, 4.95, 4.95)
    """
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return float(digits.replace(",", ""))
    return float(digits.replace(",", "."))


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]
