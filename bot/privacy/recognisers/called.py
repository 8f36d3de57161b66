"""Patterns of values that are only told from others by the word before them."""

from __future__ import annotations

import re

_JOINING = (
    r"(?:\b(?:number|no|nr|num|nummer|num(?:é|e)ro|n(?:ú|u)mero|id|code|is|was|are|it's|its|ist|war"
    r"|lautet|est|es|c'est|é|le|la|el|the|of|for|my|new|old|now|jetzt|full|one|mein|mon|mi|um"
    r"|due|from|as|wie|this|here|ends?|reads?|says?|del?|du|titular|holder|card)\b"
    r"|n[º°]|[.:#№=,()\"'`*-]|是|为|号码?|[:(])"
)
_BETWEEN = rf"(?:\s{{0,3}}{_JOINING}){{0,6}}\s{{0,3}}"


def called(words: str, value: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    r"""Return a pattern whose group `it` is a value behind one of some words.

    Args:
        words: Alternatives of a regular expression.
        value: What follows them, with words such as "number is" between.
        flags: Of the whole pattern.

    >>> called("tax code", r"\d{4}L").search("my tax code is: 1257L")["it"]
    '1257L'
    """
    return re.compile(
        rf"(?<![A-Za-z])(?:{words})(?![A-Za-z]){_BETWEEN}(?P<it>{value})(?![A-Za-z0-9])", flags
    )
