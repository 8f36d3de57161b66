"""Sends a request of an action to the shop; a redirect is followed for reads, step by step."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.answering.actions.network import AddressRefused, CheckedResolver, check_url
from bot.answering.actions.requests import PreparedRequest
from bot.errors import ServiceUnavailable
from bot.understanding.intents.actions.names import place_of

LARGEST = 1024 * 1024
"""Bytes of a response that are read."""

REDIRECTS = 3
_REDIRECT = frozenset({301, 302, 303, 307, 308})
_CONNECT = 5.0
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    AddressRefused,
)


class NotSent(ServiceUnavailable):
    """No connection was made: the shop has received nothing."""


class NoReply(ServiceUnavailable):
    """The request may have been received, but there is no complete reply."""


@dataclass(frozen=True, slots=True)
class Response:
    """A complete response.

    Attributes:
        status: HTTP status.
        data: What the JSON in it holds; None: there is none.
        readable: Its body is JSON, or empty.
    """

    status: int
    data: Any = None
    readable: bool = True


async def send(
    request: PreparedRequest,
    hosts: tuple[str, ...],
    seconds: float,
    *,
    follow: bool,
    resolver: AbstractResolver | None = None,
) -> Response:
    """Send a request once.

    Args:
        request: What to send.
        hosts: That may be called.
        seconds: That it may take.
        follow: Follow redirects; of writes they are not followed.
        resolver: Finds addresses; None: the system's.

    Raises:
        NotSent: Nothing was received.
        NoReply: It may have been received.
    """
    timeout = aiohttp.ClientTimeout(total=seconds, connect=min(seconds, _CONNECT))
    # A connection serves one request: a used one that was closed meanwhile makes aiohttp send
    # PUT and DELETE a second time.
    connector = aiohttp.TCPConnector(
        resolver=CheckedResolver(hosts, resolver), force_close=True, use_dns_cache=False
    )
    session = aiohttp.ClientSession(
        connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
    )
    async with session:
        for _ in range(REDIRECTS + 1):
            response, location = await _once(session, request, hosts)
            if not (follow and location):
                return response
            request = _onward(request, location)
    raise NoReply(f"more than {REDIRECTS} redirects")


async def _once(
    session: aiohttp.ClientSession, request: PreparedRequest, hosts: tuple[str, ...]
) -> tuple[Response, str]:
    """Return the response, and where it redirects to; empty: nowhere."""
    try:
        check_url(request.url, hosts)
        async with session.request(
            request.method,
            URL(request.url, encoded=True),
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
        ) as response:
            location = response.headers.get("Location", "")
            away = location if response.status in _REDIRECT else ""
            return await _read(response), away
    except _NOT_SENT as error:
        raise NotSent(_said(error)) from error
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        raise NoReply(_said(error)) from error


async def _read(response: aiohttp.ClientResponse) -> Response:
    """Read a response; one that is too large is as one that cannot be read."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > LARGEST:
            return Response(response.status, readable=False)
    if not body.strip():
        return Response(response.status)
    try:
        return Response(response.status, json.loads(body))
    except (ValueError, RecursionError):
        return Response(response.status, readable=False)


def _onward(request: PreparedRequest, location: str) -> PreparedRequest:
    """Return the request that a redirect leads to; another host gets no header of ours.

    Raises:
        NoReply: It leads from https to http, or nowhere.
    """
    url = urljoin(request.url, location)
    try:
        before, after = place_of(request.url), place_of(url)
    except ValueError:
        raise NoReply("a redirect to no web address") from None
    if request.url.startswith("https:") and not url.startswith("https:"):
        raise NoReply("a redirect from https to http")
    kept: Mapping[str, str] = request.headers if before == after else {}
    return replace(request, url=url, headers=kept)


def _said(error: Exception) -> str:
    """Return what is logged: an error's text may hold an address with values of a customer."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    return str(cause) if isinstance(cause, AddressRefused) else type(error).__name__
