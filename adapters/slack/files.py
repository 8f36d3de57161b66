"""Fetching what came with messages: from Slack alone, and no more than asked for."""

from __future__ import annotations

from typing import Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from adapters.slack.client import ask
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Attachment

_CHUNK: Final = 65_536
_REDIRECTS: Final = 3
_SERVER_ERROR: Final = 500
_PASSING: Final = frozenset({408, 425, 429})
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_OK: Final = 200


class Files:
    """Fetches files with the bot's token, which no other host than Slack's is shown."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def fetch(self, attachment: Attachment, *, limit: int) -> bytes:
        """Return the content of a file, see `FetchesFiles`.

        Raises:
            ServiceUnavailable: Slack did not give it; worth another attempt.
            AdapterError: Slack will never give it, or it is larger than allowed.
        """
        if attachment.size > limit:
            raise _too_large(limit)
        address = await self._address(attachment.source)
        timeout = aiohttp.ClientTimeout(total=self._client.timeout)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session:
                return await self._read(session, URL(address), attachment, limit)
        except ValueError as error:
            raise AdapterError("the address of the file is none") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ServiceUnavailable(f"slack: file: {type(error).__name__}") from error

    async def _address(self, source: str) -> str:
        """Return where a file is; one of another workspace tells that only when it is asked."""
        if not source:
            raise AdapterError("Slack has no content of this file")
        if "/" in source:
            return source
        answer = await ask(self._client.files_info(file=source), "files.info")
        file = answer.get("file") or {}
        address = str(file.get("url_private_download") or file.get("url_private") or "")
        if not address:
            raise AdapterError("Slack has no content of this file")
        return address

    async def _read(
        self, session: aiohttp.ClientSession, address: URL, attachment: Attachment, limit: int
    ) -> bytes:
        """Read a file, following Slack from one of its hosts to another."""
        headers = {"Authorization": f"Bearer {self._client.token}"}
        for _ in range(_REDIRECTS):
            if not self._is_slacks(address):
                raise AdapterError("the file does not lie on Slack: it is a link to elsewhere")
            request = session.get(
                address, headers=headers, allow_redirects=False, proxy=self._client.proxy
            )
            async with request as response:
                if response.status not in _MOVED:
                    _check(response, attachment)
                    return await _content(response, limit)
                address = address.join(URL(response.headers.get("Location", "")))
        raise AdapterError("Slack leads from one address of the file to another")

    def _is_slacks(self, address: URL) -> bool:
        """Return whether an address is on the host of the Web API, or on one below it."""
        ours = URL(self._client.base_url)
        same = (ours.scheme, ours.port) == (address.scheme, address.port)
        host, asked = ours.host or "", address.host or ""
        return same and (asked == host or asked.endswith(f".{host}"))


def _check(response: aiohttp.ClientResponse, attachment: Attachment) -> None:
    """Raise what an answer without the file means."""
    status, kind = response.status, response.content_type
    if status >= _SERVER_ERROR or status in _PASSING:
        raise ServiceUnavailable(f"slack: file: HTTP {status}")
    if status != _OK:
        raise AdapterError(f"Slack does not give the file: it is gone, or closed (HTTP {status})")
    if kind == "text/html" and "html" not in attachment.media_type:
        raise AdapterError("Slack does not give the file: the app lacks the scope files:read")


async def _content(response: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > limit:
            raise _too_large(limit)
    return bytes(content)


def _too_large(limit: int) -> AdapterError:
    return AdapterError(f"the file is larger than the {round(limit / 1_000_000, 1):g} MB allowed")
