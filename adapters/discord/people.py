"""Names of people, for staff to read, and the direct messages with them."""

from __future__ import annotations

import asyncio
from typing import Final

import discord
import structlog

from adapters.discord.errors import FAILURES, translated
from bot.conversations.key import AuthorKey
from bot.errors import AdapterError

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


async def direct_channel(client: discord.Client, person: str) -> str:
    """Return the id of the direct messages with a person; empty when Discord opens none.

    Only what Discord says to be between us and this person alone is one.

    Raises:
        ServiceUnavailable: Discord is away.
    """
    number = AuthorKey.parse(person).user_id
    if not number.isdecimal():
        return ""
    try:
        with translated("opening direct messages"):
            async with asyncio.timeout(_SECONDS):
                channel = await client.create_dm(discord.Object(int(number)))
    except AdapterError as error:
        _log.info("discord.no_direct_messages", reason=str(error))
        return ""
    if [each.id for each in channel.recipients] != [int(number)]:
        _log.warning("discord.no_direct_messages", reason="not between two")
        return ""
    return str(channel.id)
