"""Products as Discord shows them: an embed each, with its picture."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import discord

from adapters.common.markdown import plain_text
from bot.messages import Card
from bot.text.shorten import shortened

CARDS_LIMIT = 10
_TITLE_LIMIT = 100
_TEXT_LIMIT = 350  # 6,000 characters in all embeds of a message
_ALT_LIMIT = 150


def embeds_of(cards: Sequence[Card]) -> list[discord.Embed]:
    """Return an embed for each product.

    Discord has no alt text for the picture of an embed: what it shows stands in the footer, which
    screen readers read.
    """
    return [_embed(each) for each in cards[:CARDS_LIMIT]]


def _embed(card: Card) -> discord.Embed:
    embed = discord.Embed(
        title=shortened(discord.utils.escape_markdown(card.title), _TITLE_LIMIT, "…"),
        description=shortened(card.text, _TEXT_LIMIT, "…"),
        url=card.url if _is_address(card.url) else None,
    )
    if _is_address(card.picture):
        embed.set_thumbnail(url=card.picture)
        if card.alt:
            embed.set_footer(text=shortened(f"🖼 {plain_text(card.alt)}", _ALT_LIMIT, "…"))
    return embed


def _is_address(url: str) -> bool:
    return urlsplit(url).scheme in {"http", "https"}
