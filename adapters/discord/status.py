"""That the bot is typing, while an answer is made."""

from __future__ import annotations

import asyncio

import discord
import structlog

from adapters.discord.destination import Destinations
from adapters.discord.errors import FAILURES
from bot.messages import Event

_log = structlog.get_logger(__name__)


async def show_typing(client: discord.Client, event: Event) -> None:
    """Type until cancelled; discord.py repeats it before it fades."""
    try:
        async with Destinations(client).of_message(event).typing():
            await asyncio.Event().wait()
    except FAILURES as error:
        _log.info("discord.not_typing", message=event.message.id, error=type(error).__name__)
