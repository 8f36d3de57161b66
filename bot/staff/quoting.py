"""Sanitises customers' texts for staff channels: no personal data, no hidden links."""

from __future__ import annotations

import re

from bot.privacy.pseudonyms import masked
from bot.text.control_characters import without_controls
from bot.text.shorten import shortened

LONGEST = 4_000
"""Maximum characters of a customer's text shown to staff; the bot itself reads no more."""

_JOINER = "\u2060"  # WORD JOINER: takes no room, and is part of no link
_LINK = re.compile(r"(?<=\])(?=[(\[:])|(?<=<)(?=[^\s<>])")
"""Where Markdown joins a text to its address, and where `<address|text>` begins. Linear:
it matches between two characters."""


def without_links(markdown: str) -> str:
    r"""Return Markdown whose links are shown as typed, with their addresses.

    >>> without_links("[bank.com](http://evil.com)").encode("ascii", "backslashreplace")
    b'[bank.com]\\u2060(http://evil.com)'
    """
    return _LINK.sub(_JOINER, markdown)


def fit_for_staff(text: str) -> str:
    """Return a text for a staff channel: personal data, links and control characters neutralised.

    >>> fit_for_staff("refused: maria@example.org")
    'refused: [EMAIL_1]'
    """
    return without_links(masked(without_controls(beginning(text))))


def beginning(text: str) -> str:
    """Return the part of a text that staff are shown; cut first, since masking takes time.

    >>> beginning("where is it?"), len(beginning("a" * 40_000))
    ('where is it?', 4000)
    """
    return shortened(text, LONGEST, " …")


def quoted(text: str) -> str:
    """Return a customer's text as a Markdown block quote.

    >>> quoted("where is it?")
    '> where is it?'
    """
    lines = without_links(without_controls(text)).splitlines() or [""]
    return "\n".join(f"> {line}" for line in lines)


def named(name: str) -> str:
    """Return a person's self-chosen name on one line, without markup.

    >>> named("**Ann** [here](http://evil.com)")
    'Ann here(http://evil.com)'
    """
    plain = re.sub(r"[*_`~|\[\]<>\\#]", "", without_controls(name))
    return " ".join(plain.split())
