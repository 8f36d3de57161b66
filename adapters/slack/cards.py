"""Products as Slack shows them: a section each, with its picture and what that shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from adapters.common.markdown import plain_text
from adapters.slack.text import escape, harmless
from bot.messages import Card
from bot.text.shorten import shortened

CARDS_LIMIT = 10
_TEXT_LIMIT = 2_500  # a section takes 3,000 characters; signs are escaped
_ALT_LIMIT = 1_900
_TITLE_LIMIT = 150


def card_blocks(cards: Sequence[Card]) -> list[dict[str, Any]]:
    """Return a block for each product."""
    return [_section(each) for each in cards[:CARDS_LIMIT]]


def cards_text(cards: Sequence[Card]) -> str:
    """Return what notifications show of products."""
    return escape(harmless(" · ".join(each.title for each in cards[:CARDS_LIMIT])))


def _section(card: Card) -> dict[str, Any]:
    text = escape(harmless(shortened(plain_text(card.text), _TEXT_LIMIT, "…")))
    block: dict[str, Any] = {
        "type": "section",
        "text": {"type": "mrkdwn", "text": f"{_title(card)}\n{text}"},
    }
    if _is_address(card.picture):
        block["accessory"] = {
            "type": "image",
            "image_url": card.picture,
            "alt_text": shortened(harmless(card.alt or card.title), _ALT_LIMIT, "…"),
        }
    return block


def _title(card: Card) -> str:
    title = escape(harmless(shortened(card.title, _TITLE_LIMIT, "…"))).replace("*", "")
    if not _is_address(card.url):
        return f"*{title}*"
    address = quote(card.url, safe=":/?#[]!$&'()*+,;=%~")  # without @: @here may stand in it
    return f"*<{escape(address)}|{title.replace('|', '/')}>*"


def _is_address(url: str) -> bool:
    return urlsplit(url).scheme in {"http", "https"}
