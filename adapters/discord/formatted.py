"""Discord's text as Markdown that people read elsewhere: names in place of ids, and no pings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import discord

_CODE = r"```[\s\S]*?```|``[^`\n](?:[^\n]{0,2000}?[^`\n])?``(?!`)|`[^`\n]{1,2000}`"
_PIECE = re.compile(
    rf"(?P<code>{_CODE})"
    r"|\\?<(?P<sign>@[!&]?|#)(?P<id>\d{1,20})>"
    r"|<a?:(?P<emoji>\w{1,40}):\d{1,20}>"
    r"|<t:(?P<time>-?\d{1,13})(?::(?P<style>[a-zA-Z]))?>"
    r"|</(?P<command>[^:<>\n]{1,100}):\d{1,20}>"
    r"|<id:(?P<menu>[a-z-]{1,20})(?::\d{1,20})?>"
)
_PING = re.compile(
    rf"(?P<code>{_CODE})|(?P<address>\w@)(?=here|everyone)|(?<!@)\\?@++(?=everyone|here)",
    re.IGNORECASE,
)
_SPOILER = re.compile(rf"(?P<code>{_CODE})|\|\|(?P<hidden>[^|](?:[\s\S]{{0,2000}}?[^|])?)\|\|")
_SMALL = re.compile(rf"(?P<code>{_CODE})|^-# ", re.MULTILINE)
_QUOTED = re.compile(rf"(?P<code>{_CODE})|^>>> ", re.MULTILINE)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENTS: Final = {
    "t": "%H:%M UTC",
    "T": "%H:%M:%S UTC",
    "d": "%d/%m/%Y",
    "D": "%d %B %Y",
    "F": "%A, %d %B %Y %H:%M UTC",
}
_FULL: Final = "%d %B %Y %H:%M UTC"


def formatted(content: str, names: Mapping[int, str]) -> str:
    r"""Return Discord's text as Markdown for people to read.

    Mentions are names, emoji of a server are called by theirs, and moments are written out. What
    only Discord knows (spoilers, small print, quotations to the end) is put differently. Code stays
    as it is.

    Args:
        content: As Discord tells it.
        names: Of whom and what it mentions, with their sign; empty for what is left out.

    >>> formatted("<@7>, see <#20> :) <:tent:5> ||sold out||", {7: "@Ada", 20: "#help"})
    '@Ada, see #help :) :tent: (spoiler: sold out)'
    >>> formatted("@everyone it is due <t:1618953630:D>, says `<@7>`", {})
    'everyone it is due 20 April 2021, says `<@7>`'
    """

    def named(found: re.Match[str]) -> str:
        return found[0] if found["code"] else _named(found, names)

    text = _PIECE.sub(named, content)
    text = _SPOILER.sub(lambda found: found["code"] or f"(spoiler: {found['hidden']})", text)
    text = _SMALL.sub(lambda found: found["code"] or "", text)
    return _PING.sub(lambda found: found["code"] or found["address"] or "", _with_quotation(text))


def clean_name(sign: str, name: str) -> str:
    """Return a name with its sign, as Markdown that shows it as it is and pings nobody.

    >>> len(clean_name("@", "ada_l")), clean_name("#", "help")
    (7, '#help')
    """
    shown = discord.utils.escape_markdown(" ".join(name.split())).replace("@", "\uff20")
    return sign + shown.replace("<", "\\<")


def _named(found: re.Match[str], names: Mapping[int, str]) -> str:
    """Return what stands for something that Discord would show in its own way."""
    if found["id"]:
        return names.get(int(found["id"]), f"{found['sign'][0]}unknown")
    if found["emoji"]:
        return f":{found['emoji']}:"
    if found["time"]:
        return _moment(int(found["time"]), found["style"] or "") or found[0]
    return f"/{found['command']}" if found["command"] else str(found["menu"])


def _moment(seconds: int, style: str) -> str:
    """Return a moment in words; empty when no calendar has it."""
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return ""
    return moment.strftime(_MOMENTS.get(style, _FULL))


def _with_quotation(text: str) -> str:
    """Return text in which a quotation that reaches to the end is marked in each of its lines."""
    found = next((each for each in _QUOTED.finditer(text) if not each["code"]), None)
    if found is None:
        return text
    rest = text[found.end() :].replace("\n", "\n> ")
    return f"{text[: found.start()]}> {rest}"
