"""Web addresses of messages, for staff."""

from __future__ import annotations

from adapters.slack.destination import place_of
from bot.conversations.key import MessageId
from bot.messages import Message, Readers


def link_to(message: Message, site: str) -> str:
    """Return the address of a message in a channel; empty where it has none for others.

    Args:
        message: A message, or what somebody did in its thread.
        site: Address of the workspace, with a slash at the end; empty: not known.
    """
    place = place_of(message.conversation)
    stamp = place.thread or MessageId.parse(message.id).number
    is_message = stamp.replace(".", "").isdecimal()
    if not site or message.readers is Readers.AUTHOR or not is_message:
        return ""
    return f"{site}archives/{place.channel}/p{stamp.replace('.', '')}"
