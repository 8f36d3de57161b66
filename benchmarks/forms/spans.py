"""What the marked words of restaurant8k mean, read by other means than the bot's.

The data set marks words, it has no values. dateutil reads the written dates; what it cannot read is
read by the small tables below, which were made from the training part. What neither reads has no
value, and then the bot's own reading of the marked words alone stands in for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from dateutil import parser, relativedelta

_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)  # fmt: skip
_NUMBERS = {word: number for number, word in enumerate(_WORDS)} | {
    "a": 1, "an": 1, "couple": 2, "dozen": 12,
}  # fmt: skip
_ONE = frozenset(
    ("me", "myself", "i", "wife", "husband", "mother", "father", "mom", "mum", "dad", "son",
     "daughter", "partner", "girlfriend", "boyfriend", "friend", "brother", "sister")
)  # fmt: skip
_TWO = frozenset({"parents", "grandparents"})
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d{2}))?\s*(?:(?P<half>[ap])\.?\s*m\.?|ish|hrs?)?\W*",
    re.IGNORECASE,
)
_IN_DAYS = re.compile(r"(?:in )?(\w+) (day|week)s?(?: from now| from today)?")
_WEEKDAY = re.compile(r"(?:on )?(this |next )?((?:mon|tues|wednes|thurs|fri|satur|sun)day)")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")

Check = Callable[[object], bool]
"""Return whether a value is what the marked words say."""


def people(words: str) -> Check | None:
    """Return the check of a number of people: what its parts add up to."""
    found = re.findall(r"\d+|[a-z]+", words.lower())
    digits = [int(word) for word in found if word.isdecimal()]
    named = [_NUMBERS[word] for word in found if word in _NUMBERS]
    counted = {word for number, word in pairwise(found) if number.isdecimal() or number in _NUMBERS}
    persons = sum(word in _ONE - counted for word in found) + 2 * sum(w in _TWO for w in found)
    if "couple" in found:
        named = [2]
    value = sum(digits) + sum(named) + persons
    return (lambda given: given == value) if value else None


def clock(words: str) -> Check | None:
    """Return the check of a time of day; where no half is named, both are right."""
    plain = words.strip().lower().strip(".,!? ")
    if plain in _NUMBERS:
        plain = str(_NUMBERS[plain])
    found = _CLOCK.fullmatch(plain)
    if found is None or int(found["hour"]) > 24:
        return None
    hour, minute = int(found["hour"]) % 24, int(found["minute"] or 0)
    hours = {hour, (hour + 12) % 24} if 0 < hour <= 12 else {hour}
    if found["half"]:
        hours = {hour % 12 + (12 if found["half"] == "p" else 0)}
        if hour > 12:
            hours = {hour}
    values = {f"{each:02d}:{minute:02d}" for each in hours}
    return lambda given: given in values


def day(words: str, now: datetime) -> Check | None:
    """Return the check of a date: of each part of it that the marked words name."""
    plain = re.sub(r"\s+", " ", words.lower()).strip(" .,!?").removeprefix("the ")
    relative = {"today": 0, "tonight": 0, "tomorrow": 1, "day after tomorrow": 2}
    if plain in relative:
        return _equals(now + timedelta(days=relative[plain]))
    if (found := _IN_DAYS.fullmatch(plain)) and _number(found[1]) is not None:
        amount = (_number(found[1]) or 0) * (7 if found[2] == "week" else 1)
        return _equals(now + timedelta(days=amount))
    if found := _WEEKDAY.fullmatch(plain):
        weekday = found[2]
        return lambda given: _weekday(given) == weekday
    if found := _DAY.fullmatch(plain):
        number = f"{int(found[1]):02d}"
        return lambda given: str(given)[8:] == number
    return _written(plain)


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() else _NUMBERS.get(word)


def _equals(at: datetime) -> Check:
    value = f"{at:%Y-%m-%d}"
    return lambda given: given == value


def _weekday(given: object) -> str:
    return f"{datetime.fromisoformat(str(given)):%A}".lower()


def _written(plain: str) -> Check | None:
    """Return the check of a date with its month: of the year only where it is named."""
    try:
        one = parser.parse(plain, default=datetime(2000, 1, 1))  # noqa: DTZ001
        other = parser.parse(
            plain,
            default=datetime(2001, 1, 1) + relativedelta.relativedelta(days=27, months=11),  # noqa: DTZ001
        )
    except (ValueError, OverflowError):
        return None
    if one.month != other.month or one.day != other.day:
        return None
    if one.year == other.year:
        return _equals(one)
    return lambda given: str(given)[5:] == f"{one:%m-%d}"


def name(words: str) -> Check:
    """Return the check of a name: the marked words, without their marks."""
    value = words.strip(" .,!?").casefold()
    return lambda given: str(given).casefold() == value


def check(slot: str, words: str, now: datetime) -> Check | None:
    """Return the check of the marked words of a slot; None where they are not read."""
    if slot == "people":
        return people(words)
    if slot == "time":
        return clock(words)
    return day(words, now) if slot == "date" else name(words)
