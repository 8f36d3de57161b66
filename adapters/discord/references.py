"""Messages that staff ask about in `/frontdesk why`, by their link or their id."""

from __future__ import annotations

import re

from discord.utils import snowflake_time

_LINK = re.compile(r"https://[\w.]{1,40}/channels/(?:\d{1,20}|@me)/(\d{1,20})/(\d{1,20})")
_ID = re.compile(r"\d{15,20}")


def reference(named: str) -> str:
    """Return a message as the desk names it: its channel, its id and its time.

    Args:
        named: A link to it, or its id; anything else is returned as it is, for the desk to refuse.

    >>> reference("https://discord.com/channels/1/20/175928847299117063")
    '20/175928847299117063 1462015105.796'
    """
    named = named.strip()
    link = _LINK.fullmatch(named)
    if link is None and _ID.fullmatch(named) is None:
        return named
    number = int(link[2] if link else named)
    place = f"{link[1]}/" if link else ""
    return f"{place}{number} {snowflake_time(number).timestamp()}"
