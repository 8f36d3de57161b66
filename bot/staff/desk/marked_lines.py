"""What a line in a case thread says it is: talk, a line to send, a saved reply."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SEND = re.compile(r"\s*!send(?:\s+(?P<text>.*))?", re.DOTALL)
_SAVED = re.compile(r"\s*!saved\s+(?P<name>\S+)\s*")
_TALK = re.compile(r"\s*//")


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line of staff, read.

    Attributes:
        sends: It goes to the customer.
        text: What goes there, without the mark.
        saved: Name of the intent whose reply goes there instead; empty: none.
    """

    sends: bool
    text: str = ""
    saved: str = ""


def read_line(text: str, *, sends_all: bool = False) -> MarkedLine:
    r"""Read a line of a case thread.

    Args:
        text: As it was written.
        sends_all: The team sends every line but those that begin with `//`.

    >>> read_line("!send It left\nyesterday.").text
    'It left\nyesterday.'
    >>> [read_line(text).sends for text in ("!Send hi", "> !send hi", "!sending", "hi", "//hi")]
    [False, False, False, False, False]
    >>> read_line("!saved refund_policy").saved
    'refund_policy'
    >>> [read_line(text, sends_all=True).sends for text in ("hi", "// hi", "/NOTE hi")]
    [True, False, True]
    """
    marked = _SEND.fullmatch(text)
    if marked is not None:
        return MarkedLine(True, (marked["text"] or "").strip())
    saved = _SAVED.fullmatch(text)
    if saved is not None:
        return MarkedLine(True, saved=saved["name"])
    if sends_all and not _TALK.match(text):
        return MarkedLine(True, text.strip())
    return MarkedLine(False)
