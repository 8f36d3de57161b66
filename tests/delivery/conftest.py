"""A room for inboxes: the same tests run over every implementation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.delivery import open_inbox
from bot.ports import Inbox
from bot.storage import Database, open_database
from tests.storage.conftest import database, url

__all__ = ["Desk", "database", "desk", "sqlite_desk", "url"]


class Desk:
    """A database with an inbox that can be left as a dying process leaves it."""

    def __init__(self, database: Database, stack: AsyncExitStack) -> None:
        self.database = database
        self._stack = stack
        self.inbox: Inbox
        self.pause = 0.0

    async def restart(self) -> None:
        """Take up what is there with a new inbox; nothing has been given back."""
        await self._stack.aclose()
        opening = open_inbox(self.database, SystemClock(), pause=self.pause)
        self.inbox = await self._stack.enter_async_context(opening)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    async with _desk(database) as desk:
        yield desk


@pytest.fixture
async def sqlite_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with (
        await open_database(f"sqlite:///{tmp_path}/frontdesk.db") as database,
        _desk(database) as desk,
    ):
        yield desk


@asynccontextmanager
async def _desk(database: Database) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        desk = Desk(database, stack)
        await desk.restart()
        yield desk
