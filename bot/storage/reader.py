"""Runs short reads: on a dedicated thread on SQLite, over the connection pool on a server.

An async driver sends each statement of SQLite, and each begin and rollback, to another thread and
back; running a whole read there costs a tenth of that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.driver_errors import explained

T = TypeVar("T")


class Reader(Protocol):
    """Runs read-only operations."""

    async def read(self, operation: Callable[[Connection], T]) -> T:
        """Run a read-only operation."""
        ...

    async def close(self) -> None:
        """Close the reader."""
        ...


class DirectReader:
    """Reads over a server's connections, statement by statement.

    A transaction around a read or two would take longer than they do: it is begun and ended with a
    message to the server and back each.
    """

    def __init__(self, engine: AsyncEngine, place: str) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._place = place

    async def read(self, operation: Callable[[Connection], T]) -> T:
        """Run an operation on a connection of the pool."""
        with explained(self._place):
            async with self._engine.connect() as connection:
                return await connection.run_sync(operation)

    async def close(self) -> None:
        """Do nothing: the pool belongs to the database."""


class ThreadReader:
    """Reads from a file on one thread, with one connection."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._place = place
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storage-reader")

    async def read(self, operation: Callable[[Connection], T]) -> T:
        """Run an operation on the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._read, operation)

    async def close(self) -> None:
        """End the thread."""
        self._thread.shutdown()
        self._engine.dispose()

    def _read(self, operation: Callable[[Connection], T]) -> T:
        with explained(self._place), self._engine.connect() as connection:
            return operation(connection)
