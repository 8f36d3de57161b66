"""Products as Discord shows them: an embed each, with its picture."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import discord

from bot.messages import Card
from bot.text.shorten import shortened

CARDS_LIMIT = 10
_TITLE_LIMIT = 256
_TEXT_LIMIT = 550  # 6,000 characters in all embeds of a message


def embeds_of(cards: Sequence[Card]) -> list[discord.Embed]:
    """Return an embed for each product.

    Discord has no text for those who cannot see the picture of an embed: all that counts is said
    in its text.
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
    return embed


def _is_address(url: str) -> bool:
    return urlsplit(url).scheme in {"http", "https"}
