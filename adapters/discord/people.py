"""Names of people, for staff to read."""

from __future__ import annotations

import asyncio
from typing import Final

import discord
import structlog

from adapters.discord.errors import FAILURES
from bot.conversations.key import AuthorKey

_log = structlog.get_logger(__name__)

_SECONDS: Final = 5.0


async def name_of(client: discord.Client, person: str) -> str:
    """Return the display name of a person, by their key; empty when Discord tells none."""
    number = AuthorKey.parse(person).user_id
    if not number.isdecimal():
        return ""
    try:
        async with asyncio.timeout(_SECONDS):
            user = client.get_user(int(number)) or await client.fetch_user(int(number))
    except FAILURES as error:
        _log.info("discord.no_name", error=type(error).__name__)
        return ""
    return user.display_name
