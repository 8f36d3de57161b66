from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage import Database, open_database
from tests.databases import BACKENDS, postgres_schema
from tests.servers.shop import ShopServer, shop_server


@pytest.fixture
async def shop() -> AsyncIterator[ShopServer]:
    async with shop_server() as opened:
        yield opened


@pytest.fixture(params=BACKENDS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database, on either engine."""
    if request.param == "sqlite":
        async with await open_database(f"sqlite:///{tmp_path}/frontdesk.db") as opened:
            yield opened
    else:
        async with postgres_schema() as url, await open_database(url) as opened:
            yield opened


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{tmp_path}/frontdesk.db") as opened:
        yield opened
