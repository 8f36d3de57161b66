"""Runs writes: in grouped transactions on SQLite, one by one on a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.batching import MicroBatcher
from bot.storage.driver_errors import explained

T = TypeVar("T")
Operation = Callable[[Connection], T]
"""Reads and writes within one transaction; runs off the event loop."""

GROUP = 256
"""Maximum operations per transaction: bounds how long the first waits for the last."""


class Writer(Protocol):
    """Runs operations in durable transactions."""

    async def write(self, operation: Operation[T], committed: Callable[[T], None] | None) -> T:
        """Run an operation; return once it is committed."""
        ...

    async def close(self) -> None:
        """Complete pending operations."""
        ...


class DirectWriter:
    """One transaction per operation: the server groups commits by itself."""

    def __init__(self, engine: AsyncEngine, place: str) -> None:
        self._engine = engine
        self._place = place
        self._running: set[asyncio.Task[Any]] = set()

    async def write(self, operation: Operation[T], committed: Callable[[T], None] | None) -> T:
        """Run an operation in its own transaction; it completes even if the caller is cancelled."""
        running = asyncio.create_task(self._commit(operation, committed))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return await asyncio.shield(running)

    async def close(self) -> None:
        """Wait for pending writes."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _commit(self, operation: Operation[T], committed: Callable[[T], None] | None) -> T:
        with explained(self._place):
            async with self._engine.begin() as connection:
                result = await connection.run_sync(operation)
        if committed is not None:
            committed(result)
        return result


@dataclass(frozen=True, slots=True)
class _Operation:
    """A queued operation and its commit callback."""

    operation: Operation[Any]
    committed: Callable[[Any], None] | None


class GroupWriter:
    """Writes for the whole process on one thread, grouping waiting operations into transactions.

    When an operation fails, its group is rolled back and each operation runs in its own
    transaction: an operation may run twice, but is written once.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._place = place
        self._together: MicroBatcher[_Operation, Any] = MicroBatcher(self._commit, largest=GROUP)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storage-writer")

    async def write(self, operation: Operation[T], committed: Callable[[T], None] | None) -> T:
        """Queue an operation; return once its group is committed."""
        result: T = await self._together(_Operation(operation, committed))
        return result

    async def close(self) -> None:
        """Complete queued operations and end the thread."""
        await self._together.settled()
        self._thread.shutdown()
        self._engine.dispose()

    async def _commit(self, group: Sequence[_Operation]) -> list[Any]:
        """Write a group and call its callbacks."""
        operations = [order.operation for order in group]
        loop = asyncio.get_running_loop()
        results = await loop.run_in_executor(self._thread, self._run, operations)
        for order, result in zip(group, results, strict=True):
            if order.committed is not None:
                order.committed(result)
        return results

    def _run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Run operations in one transaction; return once it is durable."""
        with explained(self._place), self._engine.begin() as connection:
            return [operation(connection) for operation in operations]
