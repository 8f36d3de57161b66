"""What a message of Slack says: its text, what was forwarded with it, and its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from adapters.slack.text import read_text
from bot.messages import Attachment

Payload = Mapping[str, Any]

_WITHOUT_CONTENT: Final = {"tombstone", "hidden_by_limit"}
"""Files that were deleted, or that the workspace's plan shows no more."""


def text_of(event: Payload, bot_user: str) -> str:
    """Return what was typed, and below it what was forwarded.

    Args:
        event: The message.
        bot_user: The bot's own user id, whose mentions are left out.
    """
    said = [event.get("text"), *(each.get("text") for each in forwarded_in(event))]
    return "\n\n".join(filter(None, (read_text(str(each or ""), bot_user) for each in said)))


def attachments_of(event: Payload) -> tuple[Attachment, ...]:
    """Return the files of a message, and those of what was forwarded with it."""
    files = [*(event.get("files") or ())]
    for each in forwarded_in(event):
        files += each.get("files") or ()
    return tuple(_attachment(file) for file in files if isinstance(file, Mapping))


def forwarded_in(event: Payload) -> Iterator[Payload]:
    """Yield the messages that were shared; not those that a link in the text unfolds to."""
    for each in event.get("attachments") or ():
        if isinstance(each, Mapping) and each.get("is_share"):
            yield each


def _attachment(file: Payload) -> Attachment:
    return Attachment(
        name=file.get("name") or file.get("title") or "",
        media_type=file.get("mimetype") or "",
        size=int(file.get("size") or 0),
        source=_source(file),
    )


def _source(file: Payload) -> str:
    """Return by what a file is fetched: its id where Slack tells its address only when asked."""
    if file.get("mode") in _WITHOUT_CONTENT:
        return ""
    return str(file.get("url_private_download") or file.get("url_private") or file.get("id") or "")
