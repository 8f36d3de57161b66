"""Micro-batching: combines concurrent calls into one, for models and transactions."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import ClaimLost, StateChanged, Superseded

Item = TypeVar("Item")
Result = TypeVar("Result")

OWN = (ClaimLost, StateChanged, Superseded)
"""Errors that concern the item which met them and no other, however many do."""

HOPELESS = 2
"""Consecutive single-item failures after which all remaining items fail with the same error."""


class MicroBatcher(Generic[Item, Result]):
    """Batches concurrent items into one call.

    A single item is processed at once. Items that arrive during a call are batched into the next
    one: no item waits for others to arrive. Cancelling a caller neither stops the call nor undoes
    its effect.

    When a call for several items fails, each item is retried alone, so that it fails only for its
    own reasons; a failing call must therefore leave no changes.

    Args:
        call: Takes items and returns a result for each, in the same order.
        largest: Maximum batch size: bounds how long the first item waits for the last.
    """

    def __init__(
        self, call: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]], *, largest: int
    ) -> None:
        self._call = call
        self._largest = largest
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._working: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """Return the result for one item, or raise the error of its call."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await answer

    async def settled(self) -> None:
        """Wait until no item is queued or being processed."""
        while self._working is not None:
            await asyncio.wait([self._working])

    async def _work(self) -> None:
        """Process batches until the queue is empty."""
        try:
            while self._waiting:
                size = min(len(self._waiting), self._largest)
                await self._see_to([self._waiting.popleft() for _ in range(size)])
        finally:
            self._working = None

    async def _see_to(self, batch: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        """Process a batch; on failure, retry each item alone."""
        error = await self._try(batch)
        if error is None:
            return
        if len(batch) == 1:
            _fail(batch, error)
            return
        failed = 0
        for place in range(len(batch)):
            error = await self._try(batch[place : place + 1])
            failed = 0 if error is None or isinstance(error, OWN) else failed + 1
            if error is not None:
                rest = batch[place:] if failed == HOPELESS else batch[place : place + 1]
                _fail(rest, error)
            if failed == HOPELESS:
                return

    async def _try(
        self, batch: Sequence[tuple[Item, asyncio.Future[Result]]]
    ) -> BaseException | None:
        """Make one call; return the error that it raised, if any."""
        (results,) = await asyncio.gather(
            self._call([item for item, _ in batch]), return_exceptions=True
        )
        if isinstance(results, BaseException):
            return results
        for (_, answer), result in zip(batch, results, strict=True):
            if not answer.done():  # else the caller was cancelled
                answer.set_result(result)
        return None


def _fail(batch: Sequence[tuple[Item, asyncio.Future[Result]]], error: BaseException) -> None:
    for _, answer in batch:
        if not answer.done():
            answer.set_exception(error)
