"""Reading what stands before a message that only points at it: "@bot can you answer this?"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import ask
from adapters.slack.destination import PLATFORM, place_of
from adapters.slack.text import read_text
from bot.conversations.key import AuthorKey, MessageId
from bot.messages import Message
from bot.ports import EarlierLine

LINES: Final = 15
"""Messages of a thread that are read: where Slack limits an app, a page has no more."""

LATEST: Final = 5
"""Messages of a channel that are."""

_BY_PEOPLE: Final = {None, "file_share", "me_message", "thread_broadcast"}


async def earlier_lines(
    client: AsyncWebClient, message: Message, bot_user: str
) -> Sequence[EarlierLine]:
    """Return what people wrote before a message, what it is likeliest about first.

    Of a thread that is its first line, then the latest ones; of a channel the latest ones.

    Raises:
        ServiceUnavailable: Slack is away.
        AdapterError: Slack refuses for good.
    """
    place, stamp = place_of(message.conversation), MessageId.parse(message.id).number
    if place.thread and place.thread != stamp:
        request = client.conversations_replies(
            channel=place.channel, ts=place.thread, latest=stamp, limit=LINES
        )
        found = list((await ask(request, "conversations.replies")).get("messages") or ())
        found = [*found[:1], *reversed(found[1:])]
    else:
        request = client.conversations_history(channel=place.channel, latest=stamp, limit=LATEST)
        found = list((await ask(request, "conversations.history")).get("messages") or ())
    team = AuthorKey.parse(message.author.key).workspace
    return [
        _line(each, team, bot_user)
        for each in found
        if _is_of_a_person(each, bot_user) and str(each.get("ts")) < stamp
    ]


def _is_of_a_person(message: Mapping[str, Any], bot_user: str) -> bool:
    by_bot = message.get("bot_id") or message.get("user") in (None, bot_user)
    return not by_bot and message.get("subtype") in _BY_PEOPLE


def _line(message: Mapping[str, Any], team: str, bot_user: str) -> EarlierLine:
    author = AuthorKey(PLATFORM, str(message.get("team") or team), str(message["user"]))
    return EarlierLine(
        str(message.get("ts")), read_text(message.get("text") or "", bot_user), str(author)
    )
