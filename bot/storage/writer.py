"""How writes reach the disk: in groups on SQLite, one by one on a server."""

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
"""Most operations in one transaction: bounds how long the first one waits for the last."""


class Writer(Protocol):
    """Runs operations in durable transactions."""

    async def write(self, operation: Operation[T], committed: Callable[[T], None] | None) -> T:
        """Run an operation; return once it is committed."""
        ...

    async def close(self) -> None:
        """Finish what was handed in."""
        ...


class DirectWriter:
    """A transaction for each operation: the server's own group commit does the rest."""

    def __init__(self, engine: AsyncEngine, place: str) -> None:
        self._engine = engine
        self._place = place
        self._running: set[asyncio.Task[Any]] = set()

    async def write(self, operation: Operation[T], committed: Callable[[T], None] | None) -> T:
        """Run an operation in a transaction of its own, to its end even if the caller leaves."""
        running = asyncio.create_task(self._commit(operation, committed))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return await asyncio.shield(running)

    async def close(self) -> None:
        """Wait for what is being written."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _commit(self, operation: Operation[T], committed: Callable[[T], None] | None) -> T:
        with explained(self._place):
            async with self._engine.begin() as connection:
                result = await connection.run_sync(operation)
        if committed is not None:
            committed(result)
        return result


@dataclass(frozen=True, slots=True)
class _Order:
    """One operation, and who is told of its commit."""

    operation: Operation[Any]
    committed: Callable[[Any], None] | None


class GroupWriter:
    """One thread writes for the whole process: what is waiting goes into one transaction.

    When an operation fails its group is rolled back, and each one of it runs in a transaction of
    its own: so an operation may run twice, but is written once.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._place = place
        self._together: MicroBatcher[_Order, Any] = MicroBatcher(self._commit, largest=GROUP)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storage-writer")

    async def write(self, operation: Operation[T], committed: Callable[[T], None] | None) -> T:
        """Queue an operation; return once the group that it is in is committed."""
        result: T = await self._together(_Order(operation, committed))
        return result

    async def close(self) -> None:
        """Write what is waiting."""
        await self._together.settled()
        self._thread.shutdown()
        self._engine.dispose()

    async def _commit(self, group: Sequence[_Order]) -> list[Any]:
        """Write a group, and tell of it."""
        operations = [order.operation for order in group]
        loop = asyncio.get_running_loop()
        results = await loop.run_in_executor(self._thread, self._run, operations)
        for order, result in zip(group, results, strict=True):
            if order.committed is not None:
                order.committed(result)
        return results

    def _run(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Run operations in one transaction; return when it is on the disk."""
        with explained(self._place), self._engine.begin() as connection:
            return [operation(connection) for operation in operations]
