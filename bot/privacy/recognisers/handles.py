"""Recogniser of names on other platforms: @names, and words behind a platform's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.recognisers.called import called
from bot.privacy.spans import Span, matches

HANDLE = "HANDLE"

_AT = re.compile(
    r"(?<![\w@./<&])@(?!(?:here|channel|everyone|home|work|all|media|the|a)\b)"
    r"(?=[\w.-]{0,30}[^\W\d_])[\w-](?:[\w.-]{1,38}\w)(?:@(?:[\w-]{1,40}\.){1,4}\w{2,20})?(?!@)"
)
"""A name with @ before it; with a second @ one of Mastodon's."""

_TAGGED = re.compile(r"(?<![\w@./#])[\w.]{2,32}#\d{4}(?!\w)")
"""A name with the four digits that tell it from equal ones."""

_PLATFORMS = (
    r"insta(?:gram)?|telegram|tiktok|twitter|snap(?:chat)?|discord|skype|mastodon|bluesky|threads"
    r"|facebook|reddit|twitch|youtube|linkedin|signal|wechat|weixin|line[ ]id|pinterest|strava"
    r"|微信号?|微博|抖音号?|小红书号?|QQ号?"
)
_NAMED = (
    r"(?:user[ -]?name|handle|nick(?:name)?|screen[ ]name|profile|account|benutzername|nutzername"
    r"|pseudo|usuario|id|tag|name|konto|compte|cuenta)"
)
_TOKEN = r"(?=[\w.-]{0,40}[\d_.]|[a-z]{1,20}[A-Z])[A-Za-z0-9](?:[A-Za-z0-9_.-]{1,38}[A-Za-z0-9_])"  # noqa: S105
_CALLED = called(rf"(?i:{_PLATFORMS})(?:[ ](?i:{_NAMED}))?", _TOKEN, re.UNICODE)
_NAMES = called(
    rf"(?i:{_PLATFORMS})[ ](?i:{_NAMED})|(?i:user[ -]?name|benutzername|nutzername|handle)",
    _TOKEN,
    re.UNICODE,
)
_WORD = r"(?P<it>(?!https?\b)[A-Za-z0-9_][\w.-]{2,38}\w)"
_WRITTEN = re.compile(
    r"(?<!\w)(?i:user[ -]?name|benutzername|nutzername|handle|nickname)[ ]?[:=][ ]?" + _WORD
)
"""Behind a colon any word is a name, and ..."""

_ALONE = re.compile(rf"(?<!\w)(?i:{_PLATFORMS})[ ]?[:=][ ]?{_WORD}(?=[ ]*(?:[,;!?)\n]|$))")
"""... behind the name of a platform a word that ends what is said: no sentence begins with it."""


def handles(text: str) -> Iterator[Span]:
    """Yield names of accounts on other platforms."""
    for pattern in (_AT, _TAGGED, _CALLED, _NAMES, _WRITTEN, _ALONE):
        yield from matches(pattern, text, HANDLE)
