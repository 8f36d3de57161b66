"""Slack's names of emoji, as the characters that other programs show."""

from __future__ import annotations

import re
from typing import Final

import emoji

_TONE: Final = re.compile(r"skin-tone-([2-6])")
_FLAG: Final = re.compile(r"flag-([a-z]{2})")
_FIRST_TONE: Final = 0x1F3FB
_FIRST_LETTER: Final = 0x1F1E6
_CODE_POINTS: Final = re.compile(r"[0-9a-f]{1,6}(?:-[0-9a-f]{1,6}){0,15}", re.IGNORECASE)
_LAST: Final = 0x10FFFF


def by_name(name: str) -> str:
    """Return an emoji by its name; the name between colons where none is known.

    >>> by_name("wave"), by_name("flag-de"), by_name("skin-tone-2"), by_name("our_logo")
    ('👋', '🇩🇪', '🏻', ':our_logo:')
    """
    if tone := _TONE.fullmatch(name):
        return chr(_FIRST_TONE + int(tone[1]) - 2)
    if flag := _FLAG.fullmatch(name):
        return "".join(chr(_FIRST_LETTER + ord(letter) - ord("a")) for letter in flag[1])
    return emoji.emojize(f":{name}:", language="alias")


def by_code(points: str, name: str) -> str:
    """Return an emoji by its code points as Slack tells them, else by its name.

    >>> by_code("1f44b-1f3fc", "wave"), by_code("", "our_logo")
    ('👋🏼', ':our_logo:')
    """
    if not _CODE_POINTS.fullmatch(points):
        return by_name(name)
    numbers = [int(each, 16) for each in points.split("-")]
    return "".join(map(chr, numbers)) if max(numbers) <= _LAST else by_name(name)
