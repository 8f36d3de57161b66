"""Reading what stands before a message that only points at it: "@bot can you answer this?"."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from typing import Final

import discord

from adapters.discord.content import text_of
from adapters.discord.destination import Place
from adapters.discord.errors import translated
from adapters.discord.text import ids_of
from adapters.discord.translate import author_key
from bot.messages import Message, Received
from bot.ports import EarlierLine

LINES: Final = 15
"""Messages of a thread that are read, and ..."""

LATEST: Final = 5
"""... of a channel."""

_WRITTEN: Final = (discord.MessageType.default, discord.MessageType.reply)


async def earlier_lines(client: discord.Client, message: Message) -> Sequence[EarlierLine]:
    """Return what people wrote before a message, what it is likeliest about first.

    Raises:
        ServiceUnavailable: Discord is away.
        AdapterError: Discord refuses for good.
    """
    me = client.user
    if me is None:
        return ()
    with translated("looking at what was written before"):
        return [
            EarlierLine(
                str(each.id),
                text_of(each, each.channel, ids_of(me, each.guild)),
                author_key(each.author.id),
            )
            async for each in _messages(client, message)
            if each.type in _WRITTEN and not each.author.bot and each.webhook_id is None
        ]


async def _messages(client: discord.Client, message: Message) -> AsyncIterator[discord.Message]:
    place = Place.of(Received(message))
    here = client.get_partial_messageable(place.channel)
    if message.to.parent:
        if (meant := await _message(here, int(message.to.parent))) is not None:
            yield meant
        return
    is_thread = place.thread is not None and place.thread == place.channel
    if is_thread and place.thread is not None:
        # a thread made from a message does not hold it; a post of a forum holds its first one
        parent = client.get_partial_messageable(place.parent)
        root = await _message(parent, place.thread) or await _message(here, place.thread)
        if root is not None and root.id != place.message:
            yield root
    before = discord.Object(place.message) if place.message else None
    async for each in here.history(limit=LINES if is_thread else LATEST, before=before):
        if each.id != place.thread:
            yield each


async def _message(where: discord.abc.Messageable, number: int) -> discord.Message | None:
    """Return a message; None where it is not, or not to be seen."""
    try:
        return await where.fetch_message(number)
    except discord.HTTPException as error:
        if error.status in (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN):
            return None
        raise
