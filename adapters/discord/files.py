"""Files that came with messages: where they are, and their content, within a limit.

A file's address is signed, and expires after about a day; the message that it came with tells a
new one. What a file is named in `Attachment.source` is `ADDRESS#CHANNEL/MESSAGE/FILE`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

import aiohttp
import discord
from yarl import URL

from adapters.discord.config import DiscordConfig
from adapters.discord.errors import translated
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Attachment

HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
"""Where Discord keeps files; an address elsewhere is none of its files."""

CHUNK: Final = 65_536

_EXPIRED: Final = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


def source_of(message: discord.Message, file: discord.Attachment) -> str:
    """Return by what a file that came with a message is fetched later."""
    return f"{file.url}#{message.channel.id}/{message.id}/{file.id}"


class FileFetcher:
    """Fetches files.

    Args:
        client: Logged in.
        config: The time that a request may take; another server than Discord's keeps its files.
    """

    def __init__(self, client: discord.Client, config: DiscordConfig) -> None:
        self._client = client
        self._seconds = config.timeout
        self._own = URL(config.api_url) if config.api_url is not None else None

    async def fetch(self, attachment: Attachment, *, limit: int) -> bytes:
        """Return the content of a file; see `FetchesFiles`."""
        address, _, standing = attachment.source.partition("#")
        if not address:
            raise AdapterError("discord: fetching a file: it has no content that can be fetched")
        with translated("fetching a file"):
            async with asyncio.timeout(self._seconds):
                content = await self._content(address, limit)
                if content is None:
                    content = await self._content(await self._renewed(standing), limit)
        if content is None:
            raise AdapterError("discord: fetching a file: it is gone")
        return content

    async def _content(self, address: str, limit: int) -> bytes | None:
        """Read a file up to the limit; None when its address is no longer valid."""
        url = URL(address)
        if not self._is_discords(url):
            raise AdapterError(f"discord: fetching a file: {url.host} keeps none of Discord's")
        async with (
            aiohttp.ClientSession() as session,
            session.get(url, allow_redirects=False) as response,
        ):
            if response.status in _EXPIRED:
                return None
            if response.status != HTTPStatus.OK:
                raise ServiceUnavailable(f"discord: fetching a file: HTTP {response.status}")
            content = bytearray()
            async for chunk in response.content.iter_chunked(CHUNK):
                content += chunk
                if len(content) >= limit:
                    raise AdapterError(f"discord: fetching a file: it has {limit} bytes or more")
            return bytes(content)

    def _is_discords(self, url: URL) -> bool:
        own = self._own
        if own is not None and (url.scheme, url.host, url.port) == (own.scheme, own.host, own.port):
            return True
        return url.scheme == "https" and url.host in HOSTS and url.is_default_port()

    async def _renewed(self, standing: str) -> str:
        """Return the address that a file has now, from the message that it came with."""
        channel, message, number = (int(each) for each in standing.split("/"))
        found = await self._client.get_partial_messageable(channel).fetch_message(message)
        for file in _files(found):
            if file.id == number:
                return file.url
        raise AdapterError("discord: fetching a file: it was taken out of its message")


def _files(message: discord.Message) -> Iterator[discord.Attachment]:
    yield from message.attachments
    for each in message.message_snapshots:
        yield from each.attachments
