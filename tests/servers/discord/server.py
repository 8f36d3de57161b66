"""The server as a whole: one port for REST, gateway and control."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Self

from aiohttp import web

from tests.servers.discord.answers import answer
from tests.servers.discord.control import Control
from tests.servers.discord.faults import VIA, Fault, RateLimit, too_many
from tests.servers.discord.gateway import Gateway
from tests.servers.discord.refused import Refused
from tests.servers.discord.rest import API, Rest
from tests.servers.discord.threads import Threads
from tests.servers.discord.world import World

TOKEN = "OTAwMDAwMDAwMDAwMDAwMDAw.GloopB.frontdesk-on-a-loopback-server-000000"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class MovableClock:
    """Seconds that never go back, and that tests can move on."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds


class DiscordServer:
    """Discord on a loopback port.

    Attributes:
        world: What it knows.
        gateway: Its websocket side.
        faults: What goes wrong on purpose; add to it.
        rate_limit: For each route and channel; generous, so that only its own tests feel it.
        requests: Method and path of every REST request, in order.
    """

    def __init__(self, port: int = 0) -> None:
        self.clock = MovableClock()
        self.world = World(self.clock)
        self.gateway = Gateway(TOKEN, self.world.bot, self.world.guild)
        self.faults: list[Fault] = []
        self.rate_limit = RateLimit(limit=10_000, window=1.0)
        self.requests: list[tuple[str, str]] = []
        self.port = port
        self._requested = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.world.emit = self.gateway.dispatch

    @property
    def api_url(self) -> str:
        """What `Route.BASE` of discord.py must be."""
        return f"http://127.0.0.1:{self.port}{API}"

    @property
    def gateway_url(self) -> str:
        """What `DiscordWebSocket.DEFAULT_GATEWAY` of discord.py must be."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    async def start(self) -> None:
        """Listen on the port, or on a free one when it is 0."""
        size = 64 * 1024 * 1024
        application = web.Application(middlewares=[self._discord_like], client_max_size=size)
        application.add_routes(Rest(self.world).routes())
        application.add_routes(Threads(self.world).routes(API))
        application.add_routes(Control(self).routes())
        application.router.add_get("/gateway", self.gateway.handle)
        self._runner = web.AppRunner(
            application, handle_signals=False, handler_cancellation=True, shutdown_timeout=0.1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = self.gateway_url
        self.world.files.root = f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        assert self._runner is not None
        await self.gateway.drop(1001)
        await self._runner.cleanup()

    async def requested(self) -> None:
        """Wait until the next REST request arrives, or the last one is answered."""
        self._requested.clear()
        await self._requested.wait()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @web.middleware
    async def _discord_like(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check the token, strike with faults, count rate limits, and word refusals."""
        if not request.path.startswith(API):
            return await handler(request)
        self.requests.append((request.method, request.path.removeprefix(API)))
        self._requested.set()
        by_own_token = any(part in request.path for part in ("/interactions/", "/webhooks/"))
        if not by_own_token and not self._knows(request):
            return answer({"message": "401: Unauthorized", "code": 0}, status=401)
        headers = self.rate_limit.headers(f"{request.method}{request.path}")
        if headers is None:
            return too_many(self.rate_limit.window)
        fault = next((each for each in self.faults if each.strikes(request)), None)
        if fault is not None and not fault.after:
            return await fault.answer()
        response = await self._answer(request, handler)
        if fault is not None:
            return await fault.answer()
        response.headers.update({**headers, **VIA})
        return response

    def _knows(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bot {self.gateway.token}"

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refused:
            return answer(refused.body, status=refused.status)
        finally:
            self._requested.set()
