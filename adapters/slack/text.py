"""Slack's text: its control sequences read on the way in, made harmless on the way out."""

from __future__ import annotations

import re

_SEQUENCE = re.compile(r"<([^<>\n]+)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))  # the only three that Slack uses

_JOINER = "\u2060"  # WORD JOINER: invisible, and not part of any of Slack's sequences
_AND = r"&(?:amp;?)*"  # entities may be written as entities
_AT = rf"(?:@|{_AND}#0*64;?|{_AND}#x0*40;?|{_AND}commat;?)"
_SIGN = rf"(?:{_AT}|[!#]|{_AND}#0*3[35];?|{_AND}#x0*2[13];?|{_AND}excl;?|{_AND}num;?)"
_OPENING = rf"(?:<|{_AND}lt;?|{_AND}#0*60;?|{_AND}#x0*3c;?|\]\()"
_PING = re.compile(rf"({_OPENING}[\s\\]*?)(?=\\?{_SIGN})", re.IGNORECASE)
_NAME = re.compile(rf"{_AT}[\s\\]*(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)


def read_text(text: str, bot_user: str) -> str:
    """Return what a person typed: sequences as plain text, mentions of the bot removed.

    >>> read_text("<@U1> is <https://example.com/a|this> &lt; 5 &amp; new?", "U1")
    'is this (https://example.com/a) < 5 & new?'
    """
    return _unescape(_SEQUENCE.sub(_plain, without_mentions(text, bot_user))).strip()


def without_mentions(text: str, user: str) -> str:
    """Return Slack's text without the mentions of a user, and without what sets them off.

    >>> without_mentions("<@U1>: hi, <@U1> there", "U1")
    ' hi, there'
    """
    return re.sub(rf"(?<!\s)\s*<@{re.escape(user)}(?:\|[^<>]*)?>[,:]?", "", text)


def read_label(text: str) -> str:
    """Return a button's label as it was before `harmless`."""
    return _unescape(text.replace(_JOINER, ""))


def mentions(text: str, user: str) -> bool:
    """Return whether Slack's text mentions a user."""
    return re.search(rf"<@{re.escape(user)}(?:\|[^<>]*)?>", text) is not None


def mentioned(text: str) -> list[str]:
    """Return the ids of all users and user groups that Slack's text mentions, each once.

    >>> mentioned("<@U2|ben> and <!subteam^S7|@crew>, ask <@U2>")
    ['U2', 'S7']
    """
    found = (each[1].partition("|")[0] for each in _SEQUENCE.finditer(text))
    ids = (
        each.removeprefix("@").removeprefix("!subteam^") for each in found if each[:1] in ("@", "!")
    )
    return list(dict.fromkeys(each for each in ids if each.isalnum()))


def labels_in(text: str) -> dict[str, str]:
    """Return the names that stand with mentions in Slack's text, by the ids of who is mentioned.

    >>> labels_in("<@U2|Ann> in <#C1|news>, <!subteam^S7|@crew> <@U3>")
    {'U2': 'Ann', 'C1': 'news', 'S7': 'crew'}
    """
    labels: dict[str, str] = {}
    for found in _SEQUENCE.finditer(text):
        target, _, label = found[1].partition("|")
        if label and target[:1] in ("@", "#", "!"):
            name = target[1:].removeprefix("subteam^")
            labels[name] = _unescape(label).removeprefix("@").removeprefix("#")
    return labels


def harmless(markdown: str) -> str:
    """Return Markdown that notifies nobody, wherever it comes from.

    Slack acts on `<!channel>`, `<@U...>`, `<#C...>` and `<!subteam^...>`, and people on
    `@channel`. An invisible character after the first one breaks each of them and stays
    unseen in prose and in code. Written as entities, with backslashes or as the target of a
    link they are broken too, since Slack unescapes Markdown before it looks.
    """
    return _NAME.sub(lambda found: found[0] + _JOINER, _PING.sub(rf"\1{_JOINER}", markdown))


def escape(text: str) -> str:
    """Return plain text for a field that Slack reads as mrkdwn.

    >>> escape("<!here> A & B")
    '&lt;!here&gt; A &amp; B'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(found: re.Match[str]) -> str:
    """Return one `<...>` as it looks to a person."""
    target, _, label = found[1].partition("|")
    if target.startswith("@"):
        return f"@{label or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return label or f"@{target[1:].partition('^')[0]}"
    address = target.removeprefix("mailto:").removeprefix("tel:")
    bare = address.removeprefix("https://").removeprefix("http://").rstrip("/")
    if not label or label.rstrip("/") in {address.rstrip("/"), bare}:
        return label or address
    return f"{label} ({address})"  # whatever else the label says may lead elsewhere


def _unescape(text: str) -> str:
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text
