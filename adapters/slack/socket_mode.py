"""Socket Mode: one connection to Slack at any time, replaced before it is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from time import monotonic
from typing import Final

import structlog
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.common.waiting import InFlight, backoff, first_of, pause, persist
from adapters.slack.auth import ask_at_login, text_of
from adapters.slack.client import ask, quiet_logger
from bot.errors import AdapterError, ServiceUnavailable

Handle = Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Awaitable[None]]

_OPENING: Final = "apps.connections.open"
_SETTLING: Final = 10.0  # seconds for events that are being stored when a connection closes
_CONNECTING: Final = 2  # ping intervals for a websocket to open
_STABLE: Final = 30.0  # a connection that lived this long was no failure

_log = structlog.get_logger(__name__)


class Connection(SocketModeClient):
    """One websocket, from `apps.connections.open` to its end.

    Slack's client notices every kind of end (a `disconnect` message, a closed or a silent
    socket), but on its own it closes the old socket before it opens a new one, tries a
    one-time address again and again, and keeps a revoked token to itself. So it only reports
    here that it is `finished`, and `SocketMode` goes on.
    """

    def __init__(
        self, url: str, app_token: str, client: AsyncWebClient, handle: Handle, ping: float
    ) -> None:
        super().__init__(
            app_token=app_token,
            web_client=client,
            ping_interval=ping,
            logger=quiet_logger("slack_sdk.socket_mode.frontdesk"),
        )
        self.wss_uri = url
        self.finished = asyncio.Event()
        self._draining = False
        self._requests = InFlight()
        self._handle = handle
        self.socket_mode_request_listeners.append(self._serve)

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002 - Slack's signature
        """Report the end of this connection, where Slack's client would make a new one."""
        self.finished.set()

    async def open(self) -> None:
        """Open the websocket; Slack's client would try for ever.

        Raises:
            ServiceUnavailable: It did not open in time.
        """
        try:
            async with asyncio.timeout(_CONNECTING * self.ping_interval):
                await self.connect()  # type: ignore[no-untyped-call]
        except TimeoutError as error:
            raise ServiceUnavailable("slack: the websocket did not open") from error

    async def drain(self) -> None:
        """Take no more requests, let those under way be acknowledged, then close.

        What is not acknowledged Slack delivers again, to another connection.
        """
        self._draining = True
        if not await self._requests.settled(_SETTLING):
            _log.warning("slack.events_not_acknowledged")
        await self.close()  # type: ignore[no-untyped-call]

    async def _serve(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._draining:
            return
        with self._requests:
            await self._handle(client, request)


async def websocket_address(client: AsyncWebClient, app_token: str) -> str:
    """Return the one-time address of a first websocket.

    Raises:
        ServiceUnavailable: Slack is away.
        AdapterError: Slack refuses us, or somebody else than Slack answers.
    """
    request = client.apps_connections_open(app_token=app_token)
    url = text_of(await ask_at_login(request, _OPENING), "url", _OPENING)
    if not url.startswith(("ws://", "wss://")):
        raise AdapterError(
            f"slack: {_OPENING}: `url` is no address of a websocket: check "
            "`slack.api_url` in config.yaml"
        )
    return url


class SocketMode:
    """Keeps a connection open until it is stopped.

    Args:
        opened: Told of every connection how many seconds there was none before.

    Attributes:
        connected: Events can come in now.
        connections: How many have been opened.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        app_token: str,
        handle: Handle,
        ping: float,
        opened: Callable[[float], None],
    ) -> None:
        self._client = client
        self._app_token = app_token
        self._handle = handle
        self._ping = ping
        self._opened = opened
        self._short_lives = 0
        self._ended = -inf
        self.connected = False
        self.connections = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Stay connected until `stop` is set.

        Raises:
            AdapterError: Slack refuses the app token, now or when a connection is replaced.
        """
        current: Connection | None = None
        try:
            while not stop.is_set():
                following = await persist(self._open, stop, _OPENING)
                if current is not None:
                    await current.drain()
                current = following
                if current is not None:
                    await self._outlive(current, stop)
        finally:
            if current is not None:
                await current.drain()

    async def _open(self) -> Connection:
        url = await self._address()
        connection = Connection(url, self._app_token, self._client, self._handle, self._ping)
        try:
            await connection.open()
        except (ServiceUnavailable, asyncio.CancelledError):
            await connection.drain()
            raise
        _log.info("slack.connected")
        return connection

    async def _address(self) -> str:
        """Return the one-time address of a websocket.

        Raises:
            ServiceUnavailable: Slack is away, or has answered oddly after it served us well.
            AdapterError: Slack refuses us, or somebody else than Slack answers from the start.
        """
        if not self.connections:
            return await websocket_address(self._client, self._app_token)
        answer = await ask(self._client.apps_connections_open(app_token=self._app_token), _OPENING)
        try:
            return text_of(answer, "url", _OPENING)
        except AdapterError as error:
            raise ServiceUnavailable(str(error)) from error

    async def _outlive(self, connection: Connection, stop: asyncio.Event) -> None:
        """Wait for the end of a connection; longer when they end as soon as they begin."""
        started = monotonic()
        self.connected = True
        self.connections += 1
        self._opened(started - self._ended)
        await first_of(connection.finished, stop)
        self.connected = False
        self._ended = monotonic()
        lived = self._ended - started
        _log.info("slack.connection_ended", seconds=round(lived, 1))
        self._short_lives = 0 if lived >= _STABLE else self._short_lives + 1
        await pause(stop, backoff(self._short_lives))
