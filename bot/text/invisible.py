"""Invisible characters: the one rule for what a reader does not see.

Zero-width characters, marks of direction, tags, fillers and controls can hide words from a person
who reads a text and show them to a program, or the other way round.
"""

from __future__ import annotations

import re
import unicodedata

JOINERS = "\u200c\u200d"
"""Needed within words of some scripts, and within emoji."""

_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Controls, format characters, lone surrogates, private use, unassigned. Source: UAX #44."""

_LATER_EMOJI = re.compile("[\U0001f000-\U0001faff]")
"""Unassigned code points here are emoji of a later Unicode version. Source: UTS #51."""

_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that take no room. Source: Default_Ignorable_Code_Point, UAX #44; without the
variation selectors of emoji."""


def is_invisible(character: str) -> bool:
    r"""Return whether a reader does not see a character; white space counts as visible.

    >>> [is_invisible(each) for each in ("\u200b", "\u3164", "\x07", "\n", "a", "\U0001fa77")]
    [True, True, True, False, False, False]
    """
    if character.isspace():
        return False
    if unicodedata.category(character) in _CATEGORIES:
        return _LATER_EMOJI.match(character) is None
    return _FILLERS.match(character) is not None


def without_invisible(text: str, *, keep: str = "") -> str:
    r"""Return a text without its invisible characters; white space stays as it is.

    Args:
        text: Of any length.
        keep: Invisible characters that stay, such as `JOINERS`.

    >>> without_invisible("re\u00adfund\u200b\n")
    'refund\n'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(each for each in text if each in keep or not is_invisible(each))
