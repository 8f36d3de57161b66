"""Recogniser of e-mail addresses, IP addresses, and links with a user name or key."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from bot.privacy.spans import EMAIL, IP, URL, Span, matches

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}(?:@|\s?[\[(]at[\])]\s?)"
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.|\s?[\[(]dot[\])]\s?)){1,8}[^\W\d_]{2,24}(?![\w@])",
    re.IGNORECASE,
)
_AT = (
    r"(?:[ ]?[\[(](?:at|ät|a|@|arobase|arroba|chiocciola)[\])][ ]?|[ ]?@[ ]?"
    r"|[ ](?:at|ät|arobase|arroba|chiocciola|apenstaartje)[ ])"
)
_DOT = r"(?:dot|punkt|point|punto|ponto|punt)"
_SPOKEN_DOT = rf"(?:[ ]?[\[(](?:{_DOT}|\.)[\])][ ]?|[ ]{_DOT}[ ])"
_POINT = rf"(?:{_SPOKEN_DOT}|\.)"
_SIGN = (
    rf"(?:{_DOT}|underscore|unterstrich|tiret(?:[ ]bas)?|gui(?:ó|o)n(?:[ ]bajo)?|dash|hyphen|minus"
    r"|bindestrich|plus)"
)
_NOBODY = (
    r"(?!(?:it|them|him|her|this|that|one|me|us|you|these|those|look|looked|order|ordered|bought"
    r"|buy"
    r"|shop|shopping|sold|available|cheaper|found|price|prices|store|same|works?|is|was|are|arrive"
    r"|account|login|here|there)[ ]at[ ])"
)
_LOCAL = (
    rf"{_NOBODY}(?:(?:[^\W_][ ]){{2,30}}[^\W_]"
    rf"|[\w.+-]{{1,64}}(?:(?:[ ]{_SIGN}[ ]|[ ]?[\[(]{_SIGN}[\])][ ]?)[\w.+-]{{1,64}}){{0,4}})"
)
_DOMAIN = (
    r"(?:com|org|net|edu|gov|info|biz|mail|email|shop|store|online|app|dev|io|co|me|eu|uk|ie|us|ca"
    r"|au|nz|de|at|ch|fr|be|nl|lu|es|pt|br|mx|ar|it|pl|cz|sk|hu|ro|dk|se|no|fi|gr|tr|ru|ua|cn|tw|hk"
    r"|jp|kr|in|za|example|test)"
)
_SPOKEN_EMAIL = re.compile(
    rf"(?<![\w.@]){_LOCAL}{_AT}[\w-]{{1,63}}"
    rf"(?:{_POINT}[\w-]{{1,63}}){{0,3}}{_SPOKEN_DOT}{_DOMAIN}(?!\w)",
    re.IGNORECASE,
)
_PROVIDERS = (
    r"gmail|googlemail|hotmail|outlook|yahoo|icloud|me|mac|live|msn|aol|gmx|web|t-online|freenet"
    r"|posteo|mailbox|proton(?:mail)?|pm|fastmail|zoho|yandex|mail|orange|wanadoo|free|laposte|sfr"
    r"|libero|virgilio|tiscali|terra|telefonica|btinternet|sky|virginmedia|ntlworld|comcast|verizon"
    r"|att|sbcglobal|qq|163|126|sina|foxmail"
)
_AT_PROVIDER = re.compile(
    rf"(?<![\w.@]){_LOCAL}{_AT}(?:{_PROVIDERS})(?:{_POINT}[a-z]{{2,3}}){{1,2}}(?!\w)",
    re.IGNORECASE,
)
"""An address whose @ is written out, at a provider of mailboxes."""

_USER_IN_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}://[^\s/@<>|]{1,200}@[^\s<>|]{1,500}", re.IGNORECASE
)
_PROFILE = re.compile(
    r"(?:\bhttps?://|\bwww\.|\b)(?:[\w-]{1,63}\.){0,3}"
    r"(?:(?:facebook|instagram|twitter|x|tiktok|github|gitlab|pinterest|medium)\.com/@?"
    r"(?!(?:help|settings?|media|albums?|notes?|messages|groups|pages|events|search|share|sharer"
    r"|login|watch|about|privacy|terms|legal|policies|explore|features|topics"
    r"|marketplace)\b)[\w.-]{2,}"
    r"|linkedin\.com/in/[\w%-]{2,}|reddit\.com/u(?:ser)?/[\w-]{2,}|t\.me/[\w]{3,}"
    r"|youtube\.com/@[\w.-]{2,})[^\s<>|,;]*"
    r"|\bhttps?://[^\s<>|]{3,200}/(?:~|@|u/|users?/|profiles?/|members?/|in/)[\w.%-]{2,}[^\s<>|]*"
    r"|\bhttps?://[^\s<>|]{3,300}[?&#](?:e-?mail|user(?:name|_?id)?|login|token|key|api_?key"
    r"|auth|sig(?:nature)?|session(?:_?id)?|password|code)=[^\s<>|]{1,500}",
    re.IGNORECASE,
)
_IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)")
_IPV6 = re.compile(
    r"(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:(?:\d{1,3}\.){3}\d{1,3})?"
    r"(?![\w:])",
    re.IGNORECASE,
)


def contacts(text: str) -> Iterator[Span]:
    """Yield e-mail addresses, IP addresses, and URLs with a user."""
    yield from matches(_EMAIL, text, EMAIL)
    yield from matches(_SPOKEN_EMAIL, text, EMAIL)
    yield from matches(_AT_PROVIDER, text, EMAIL)
    if "/" in text:
        yield from matches(_USER_IN_URL, text, URL)
        yield from matches(_PROFILE, text, URL)
    for pattern in (_IPV4, _IPV6):
        yield from (span for span in matches(pattern, text, IP) if _is_address(text, span))


def _is_address(text: str, span: Span) -> bool:
    written = text[span.start : span.end]
    if ":" in written and not any(c.isalnum() for c in written):
        return False
    try:
        ipaddress.ip_address(written)
    except ValueError:
        return False
    return True
