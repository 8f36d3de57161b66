"""How writes reach the disk: in groups on SQLite, one by one on a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, NestedTransaction
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StorageError
from bot.storage.failures import explained

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


@dataclass(slots=True)
class _Order:
    """One operation in the queue, and what came of it."""

    operation: Operation[Any]
    committed: Callable[[Any], None] | None
    done: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None

    def settle(self) -> None:
        """Tell the caller, unless it has gone."""
        if self.error is None and self.committed is not None:
            self.committed(self.result)
        if self.done.done():
            return
        if self.error is None:
            self.done.set_result(self.result)
        else:
            self.done.set_exception(self.error)


class GroupWriter:
    """One thread writes for the whole process: what is waiting goes into one transaction."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._place = place
        self._waiting: list[_Order] = []
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="storage-writer")

    async def write(self, operation: Operation[T], committed: Callable[[T], None] | None) -> T:
        """Queue an operation; return once the group that it is in is committed."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._waiting.append(_Order(operation, committed, done))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._drain(), name="storage-writer")
        return await done

    async def close(self) -> None:
        """Write what is waiting."""
        if self._task is not None:
            await self._task
        self._thread.shutdown()
        self._engine.dispose()

    async def _drain(self) -> None:
        """Write group after group until nothing waits."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            try:
                await loop.run_in_executor(self._thread, self._commit, group)
            except StorageError as error:
                for order in group:
                    order.error = error
            for order in group:
                order.settle()

    def _commit(self, group: list[_Order]) -> None:
        """Run a group in one transaction; an operation that fails undoes its own part alone."""
        with explained(self._place), self._engine.begin() as connection:
            for order in group:
                savepoint = connection.begin_nested()
                try:
                    with explained(self._place):
                        order.result = order.operation(connection)
                except Exception as error:  # noqa: BLE001 - the caller gets it
                    order.error = error
                    _undo(savepoint, error)
                else:
                    savepoint.commit()


def _undo(savepoint: NestedTransaction, error: Exception) -> None:
    """Undo one operation; when SQLite has undone all (a full disk does that), say why."""
    try:
        savepoint.rollback()
    except DBAPIError:
        if isinstance(error, StorageError):
            raise error from None
        raise
