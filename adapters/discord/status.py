"""That the bot is typing, while an answer is made."""

from __future__ import annotations

import asyncio

import discord
import structlog

from adapters.common.streaming import SIGN_OF_LIFE_AFTER
from adapters.discord.destination import Destinations
from adapters.discord.errors import FAILURES
from bot.messages import Addressing, Event

_log = structlog.get_logger(__name__)


async def show_typing(client: discord.Client, event: Event) -> None:
    """Type until cancelled, unless the answer is there at once.

    Nothing is shown for what may be meant for others.
    """
    if event.message.addressing is not Addressing.AMBIENT:
        await asyncio.sleep(SIGN_OF_LIFE_AFTER)
        await type_in(Destinations(client).of_message(event))


async def type_in(channel: discord.abc.Messageable) -> None:
    """Type until cancelled; discord.py repeats it before it fades."""
    try:
        async with channel.typing():
            await asyncio.Event().wait()
    except FAILURES as error:
        _log.info("discord.not_typing", error=type(error).__name__)
