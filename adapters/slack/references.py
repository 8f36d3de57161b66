"""Messages that staff ask about: by their link in `/frontdesk why`, or with the shortcut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from adapters.slack.destination import PLATFORM, Place
from adapters.slack.heard import is_timestamp
from bot.conversations.key import AuthorKey
from bot.messages import Addressing, Author, Message, Readers, Received

WHY_SHORTCUT: Final = "frontdesk_why"
"""Id of the shortcut that asks why, as in the manifest."""

SEND_SHORTCUT: Final = "frontdesk_send"
"""Id of the shortcut that sends a line of staff to the customer."""

DIRECT_NAME: Final = "directmessage"
"""What Slack calls direct messages in presses, commands and shortcuts, of whichever two people."""

_LINK = re.compile(r"<?https://[^\s/<>|]+/archives/([A-Z0-9]+)/p(\d{10})(\d{6})[^\s<>]*>?")


def with_references(text: str) -> str:
    """Return the text of a command with links to messages as the desk names them: with their time.

    >>> with_references("why https://shop.slack.com/archives/C1/p1700000000000100?x=1")
    'why C1/1700000000.000100 1700000000.000100'
    """
    return _LINK.sub(r"\1/\2.\3 \2.\3", text)


def to_why(body: Mapping[str, Any], now: datetime, *, direct: bool) -> Received | None:
    """Translate the shortcut into the command that it stands for; None where Slack leaves it open.

    Args:
        body: The payload.
        now: When it came.
        direct: It came from the direct messages with us.
    """
    message, user = body.get("message") or {}, body.get("user") or {}
    channel, stamp = (body.get("channel") or {}).get("id"), body.get("message_ts")
    if not channel or not user.get("id") or not is_timestamp(stamp):
        return None
    place = Place(str(body.get("api_app_id", "")), str(channel), message.get("thread_ts") or "")
    team = user.get("team_id") or (body.get("team") or {}).get("id") or ""
    return Received(
        Message(
            id=place.message(str(body.get("trigger_id", "")), "command"),
            conversation=place.key,
            author=Author(
                key=str(AuthorKey(PLATFORM, str(team), str(user["id"]))),
                name=user.get("name") or user.get("username") or "",
            ),
            text=f"/frontdesk why {channel}/{stamp} {stamp}",
            sent_at=now,
            addressing=Addressing.COMMAND,
            readers=Readers.AUTHOR if direct else Readers.OTHERS,
        )
    )
