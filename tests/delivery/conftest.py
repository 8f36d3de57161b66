"""A room for inboxes: the same tests run over every implementation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import pytest

from bot.clock import SystemClock
from bot.delivery import SqliteInbox
from bot.ports import Inbox
from bot.storage import Database, open_database


class Desk(Protocol):
    """A database with an inbox that can be left as a dying process leaves it."""

    database: Database
    inbox: Inbox

    async def restart(self) -> None:
        """Take up what is there with a new inbox; nothing has been given back."""
        ...


class SqliteDesk:
    """A `Desk` in a file."""

    def __init__(self, database: Database, stack: AsyncExitStack) -> None:
        self.database = database
        self._stack = stack
        self.inbox: Inbox

    async def restart(self) -> None:
        await self._stack.aclose()
        self.inbox = await self._stack.enter_async_context(
            SqliteInbox(self.database, SystemClock())
        )


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{tmp_path}/frontdesk.db") as opened:
        yield opened


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        desk = SqliteDesk(database, stack)
        await desk.restart()
        yield desk
