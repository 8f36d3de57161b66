"""Runs the example shop on the loopback interface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from examples.shop.api import SHOP, TOKEN, add_api, guarded
from examples.shop.pages import add_pages
from examples.shop.seeding import CATALOGUE, SEED
from examples.shop.shop import Shop

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class RunningShop:
    """A shop that listens.

    Attributes:
        url: Of its pages, without a slash at its end.
        place: Host and port, as `hosts:` in actions.yaml has them.
    """

    shop: Shop
    url: str
    place: str


@asynccontextmanager
async def running_shop(
    token: str,
    *,
    port: int = 0,
    path: Path | None = None,
    seed: Path = SEED,
    catalogue: Path = CATALOGUE,
) -> AsyncIterator[RunningShop]:
    """Open the shop and listen.

    Args:
        token: What the bot sends as its bearer token.
        port: 0: a free one.
        path: The SQLite file; None: in memory.
        seed: Its customers and orders.
        catalogue: Its products and their stock.
    """
    async with Shop.open(path, seed=seed, catalogue=catalogue) as shop:
        runner = web.AppRunner(_app(shop, token), access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, HOST, port)
            await site.start()
            place = f"{HOST}:{runner.addresses[0][1]}"
            yield RunningShop(shop, f"http://{place}", place)
        finally:
            await runner.cleanup()


def _app(shop: Shop, token: str) -> web.Application:
    app = web.Application(middlewares=[guarded])
    app[SHOP] = shop
    app[TOKEN] = token
    add_api(app)
    add_pages(app)
    return app
