"""Text shortening: the one helper, for texts that are read on and for texts that are shown."""

from __future__ import annotations

STORED = 40_000
"""Characters of a message that are stored; no platform is known to send more."""

_BACK = 200
"""Characters before the limit searched for a place to cut."""

_FIRST_IDEOGRAPH = "\u2e80"
"""Start of the scripts that are written without spaces between words."""

_BETWEEN_DIGITS = frozenset("+-()./ \u00a0")


def shortened(text: str, limit: int, mark: str = "") -> str:
    """Return the beginning of a text, cut between words, or between ideographs.

    A number that is written in groups is left out whole: half of a telephone number would not be
    recognised, and so not be hidden. A word longer than 200 characters is cut at the limit.

    Args:
        text: Of any length.
        limit: Most characters of the result, the mark included.
        mark: Ends a text that was cut, such as "…".

    >>> shortened("Where is my parcel?", 14), shortened("我的包裹在哪里", 4)
    ('Where is my', '我的包裹')
    >>> shortened("call me at 030 1234 5678", 22)
    'call me at'
    >>> shortened("Where is my parcel?", 14, "…")
    'Where is my…'
    """
    if len(text) <= limit:
        return text
    room = max(limit - len(mark), 0)
    for place in range(room, max(room - _BACK, 1), -1):
        if _is_between_words(text, place) and not _is_within_number(text, place):
            return text[:place].rstrip() + mark
    return text[:room].rstrip() + mark


def _is_between_words(text: str, place: int) -> bool:
    before, behind = text[place - 1], text[place]
    return before.isspace() or behind.isspace() or max(before, behind) >= _FIRST_IDEOGRAPH


def _is_within_number(text: str, place: int) -> bool:
    """Return whether digits stand on both sides, with nothing but what may separate groups."""
    start, end = place, place
    while start > 0 and place - start < _BACK and _separates(text[start - 1]):
        start -= 1
    while end < len(text) and end - place < _BACK and _separates(text[end]):
        end += 1
    return start > 0 and end < len(text) and text[start - 1].isdecimal() and text[end].isdecimal()


def _separates(character: str) -> bool:
    return character in _BETWEEN_DIGITS
