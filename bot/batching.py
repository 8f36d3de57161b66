"""Calls that come at the same time, made as one: a run of a model, a transaction."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.errors import ClaimLost, StateChanged

Item = TypeVar("Item")
Result = TypeVar("Result")

OWN = (ClaimLost, StateChanged)
"""Errors that concern the item which met them and no other, however many do."""

HOPELESS = 2
"""Items in a row that fail alone, after which the cause is taken for a common one."""


class MicroBatcher(Generic[Item, Result]):
    """Makes one call for many items.

    An item that comes alone is seen to at once. Items that come while a call is under way wait for
    it and go together in the next: nobody waits for company. Whoever leaves does not stop the
    call, nor undo what it does.

    When a call for several items fails, each one gets a call of its own, so that it fails for
    reasons of its own alone; so a call must have changed nothing when it fails.

    Args:
        call: Takes items, returns a result for each, in the same order.
        largest: Items in one call at most: bounds how long the first waits for the last.
    """

    def __init__(
        self, call: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]], *, largest: int
    ) -> None:
        self._call = call
        self._largest = largest
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._working: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """Return the result for one item, or raise what its call raised."""
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return await answer

    async def settled(self) -> None:
        """Return when nothing waits and nothing is under way."""
        while self._working is not None:
            await asyncio.wait([self._working])

    async def _work(self) -> None:
        """Call until nobody waits."""
        try:
            while self._waiting:
                size = min(len(self._waiting), self._largest)
                await self._see_to([self._waiting.popleft() for _ in range(size)])
        finally:
            self._working = None

    async def _see_to(self, batch: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        """Give everybody in a batch a result, or an error."""
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
        """Make one call; return what it raised."""
        (results,) = await asyncio.gather(
            self._call([item for item, _ in batch]), return_exceptions=True
        )
        if isinstance(results, BaseException):
            return results
        for (_, answer), result in zip(batch, results, strict=True):
            if not answer.done():  # else whoever asked has gone
                answer.set_result(result)
        return None


def _fail(batch: Sequence[tuple[Item, asyncio.Future[Result]]], error: BaseException) -> None:
    for _, answer in batch:
        if not answer.done():
            answer.set_exception(error)
