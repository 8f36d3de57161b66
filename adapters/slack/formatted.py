"""What a message of Slack says, as Markdown for people to read wherever it is sent on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.slack.content import Payload, forwarded_in
from adapters.slack.marked_text import Part, joined, quoted
from adapters.slack.mrkdwn import mrkdwn_markdown
from adapters.slack.rich_text import RichText
from adapters.slack.text import harmless, labels_in, read_label


def formatted_text(event: Payload, bot_user: str) -> str:
    """Return a message as Markdown, below it what was forwarded as a quotation; it pings nobody.

    Args:
        event: The message; people whom it mentions are named.
        bot_user: The bot's own user id, whose mentions are left out.
    """
    forwarded = (str(each.get("text") or "") for each in forwarded_in(event))
    quotations = (quoted(mrkdwn_markdown(each, bot_user)) for each in forwarded if each.strip())
    return harmless("\n\n".join(filter(None, (_said(event, bot_user).strip(), *quotations))))


def posted_markdown(message: Payload) -> str:
    """Return what a post of ours says as Markdown, as Slack hands it back."""
    return joined([Part(part) for part in _shown(message) if part])


def _said(event: Payload, bot_user: str) -> str:
    """Return what was typed: by its blocks, which tell it best, else by its text."""
    rich = [each for each in _blocks(event) if each.get("type") == "rich_text"]
    text = str(event.get("text") or "")
    if rich:
        reader = RichText(bot_user, labels_in(text))
        return "\n\n".join(map(reader.markdown, rich))
    return mrkdwn_markdown(text, bot_user)


def _shown(message: Payload) -> Iterator[str]:
    """Yield the texts of a post; Slack may keep its own Markdown as rich text."""
    for block in _blocks(message):
        match block.get("type"):
            case "markdown":
                yield read_label(str(block.get("text") or ""))
            case "rich_text":
                yield RichText().markdown(block)
            case "section":
                yield mrkdwn_markdown(str((block.get("text") or {}).get("text") or ""))


def _blocks(message: Payload) -> list[dict[str, Any]]:
    return [each for each in message.get("blocks") or () if isinstance(each, dict)]
