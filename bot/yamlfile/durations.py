"""Durations as people write them, in config.yaml, actions.yaml and conversation tests."""

from __future__ import annotations

from datetime import timedelta

from bot.yamlfile.checking import mistake

_UNITS = {
    "seconds": ("s", "second", "seconds"),
    "minutes": ("m", "min", "minute", "minutes"),
    "hours": ("h", "hour", "hours"),
    "days": ("d", "day", "days"),
}
LONGEST = timedelta(days=3_650)


def read_duration(text: object) -> object:
    """Read a number and a unit.

    >>> read_duration("3 days"), read_duration("10m")
    (datetime.timedelta(days=3), datetime.timedelta(seconds=600))
    """
    if not isinstance(text, str):
        return text
    number = text.strip().rstrip("abcdefghijklmnopqrstuvwxyz").strip()
    unit = text.strip()[len(number) :].strip()
    name = next((name for name, words in _UNITS.items() if unit in words), None)
    if name is None or not (number.isascii() and number.isdecimal()) or len(number) > 9:
        raise mistake(f'"{text}" is no duration', "write for example 90 s, 45 min, 2 hours, 3 days")
    duration = timedelta(**{name: int(number)})
    if not timedelta(0) < duration <= LONGEST:
        raise mistake(f'"{text}" is not between 1 s and {LONGEST.days} days', "write another one")
    return duration
