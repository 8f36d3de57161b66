from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage import Database, open_database
from tests.databases import BACKENDS, postgres_schema


@pytest.fixture(params=BACKENDS)
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Where an empty database is, on either engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/frontdesk.db"
    else:
        async with postgres_schema() as schema:
            yield schema


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with await open_database(url) as opened:
        yield opened


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{tmp_path}/frontdesk.db") as opened:
        yield opened
