"""A shop on loopback: it keeps what it was told, and fails as a test wants it to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Call:
    """A request as it was taken."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class ShopServer:
    """What a shop was told, and what it does next.

    Attributes:
        place: Host and port.
        orders: Status by order number.
        effects: What writes have done, in order: their idempotency keys.
        faults: For the next calls: a status, `drop` (no reply), `lost` (done, but no reply),
            `hang`, or a function that makes the response.
    """

    place: str = ""
    orders: dict[str, str] = field(default_factory=lambda: {"48213": "shipped"})
    calls: list[Call] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    faults: list[int | str | Callable[[], web.Response]] = field(default_factory=list)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.place.rpartition(":")[2])

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take a request."""
        headers, body = dict(request.headers), await request.text()
        self.calls.append(Call(request.method, request.raw_path, headers, body))
        fault = self.faults.pop(0) if self.faults else None
        if callable(fault):
            return fault()
        if isinstance(fault, int):
            return web.json_response({}, status=fault)
        if fault == "drop":
            return _dropped(request)
        if fault == "hang":
            await asyncio.sleep(30)
        response = self._answer(request)
        return _dropped(request) if fault == "lost" else response

    def _answer(self, request: web.Request) -> web.Response:
        parts = request.path.strip("/").split("/")
        if request.method == "POST" and parts[0] == "cancellations":
            key = request.headers.get("Idempotency-Key", "")
            if key not in self.effects:
                self.effects.append(key)
            return web.json_response({"refund": "20.00 EUR"})
        if parts[0] == "cancellations":
            there = parts[-1] in self.effects
            content: dict[str, Any] = {"found": there}
            return web.json_response(content | ({"refund": "20.00 EUR"} if there else {}))
        status = self.orders.get(parts[-1])
        if status is None:
            return web.json_response({}, status=404)
        return web.json_response({"status": status, "delivery": {"eta": "2026-12-01"}})


def _dropped(request: web.Request) -> web.Response:
    """Close the connection without a reply."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def shop_server(port: int = 0) -> AsyncIterator[ShopServer]:
    """Run a shop."""
    shop, application = ShopServer(), web.Application()
    application.router.add_route("*", "/{path:.*}", shop.take)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    shop.place = f"127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield shop
    finally:
        await runner.cleanup()
