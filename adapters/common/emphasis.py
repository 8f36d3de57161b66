"""Bold text that stands between ideographs: readers of Markdown need help to see where it ends."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BOLD = re.compile(r"(?<![*\\])\*\*(?P<text>[^*\n]{1,200})\*\*(?!\*)")
_MOST_MOVED: Final = 8


def with_visible_bold(text: str) -> str:
    r"""Return Markdown without code, whose bold text is seen as bold.

    By CommonMark `**` after a punctuation mark does not end bold text when a letter follows at
    once. Where words are not separated by spaces, that is the rule and not the exception; the
    marks are then moved out of the bold text.

    >>> with_visible_bold("**粗体：**后面")
    '**粗体**：后面'
    >>> with_visible_bold("看**「重点」**。 **Note:** fine")
    '看「**重点**」。 **Note:** fine'
    """
    return _BOLD.sub(_visible, text)


def _visible(found: re.Match[str]) -> str:
    bold, start, end = found["text"], found.start(), found.end()
    before, behind = found.string[max(start - 1, 0) : start], found.string[end : end + 1]
    first, last = 0, len(bold)
    while last and last > len(bold) - _MOST_MOVED and _hides(bold[last - 1], behind):
        last -= 1
    while first < last and first < _MOST_MOVED and _hides(bold[first], before):
        first += 1
    if (first or last < len(bold)) and _bracketed(bold):  # both of a pair, or none
        first, last = max(first, 1), min(last, len(bold) - 1)
    inner = bold[first:last]
    if (first == 0 and last == len(bold)) or not inner.strip() or inner != inner.strip():
        return found[0]
    return f"{bold[:first]}**{inner}**{bold[last:]}"


def _hides(mark: str, neighbour: str) -> bool:
    """Return whether a mark inside `**` and what stands outside keep the bold text from ending."""
    return _is_punctuation(mark) and bool(neighbour) and _is_letter(neighbour)


def _bracketed(text: str) -> bool:
    """Return whether a text begins with an opening bracket or quote and ends with a closing one."""
    return unicodedata.category(text[0]) in ("Ps", "Pi") and unicodedata.category(text[-1]) in (
        "Pe",
        "Pf",
    )


def _is_letter(character: str) -> bool:
    return not (character.isspace() or _is_punctuation(character))


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
