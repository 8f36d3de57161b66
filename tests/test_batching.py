"""What comes at the same time is seen to together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.batching import MicroBatcher
from bot.errors import StateChanged, StorageError


class Doubler:
    """Doubles numbers; refuses odd ones when it is told to, and counts its calls."""

    def __init__(self, *, picky: bool = False, broken: bool = False) -> None:
        self.calls: list[list[int]] = []
        self._picky = picky
        self._broken = broken

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.calls.append(list(numbers))
        await asyncio.sleep(0)
        if self._broken:
            raise StorageError("away")
        for number in numbers:
            if self._picky and number % 2:
                raise ValueError(f"{number} is odd")
        return [2 * number for number in numbers]


async def test_each_gets_the_result_of_its_own_item_and_calls_are_shared() -> None:
    doubler = Doubler()
    together = MicroBatcher(doubler, largest=10)
    assert await asyncio.gather(*map(together, range(25))) == [2 * n for n in range(25)]
    assert doubler.calls == [[*range(10)], [*range(10, 20)], [*range(20, 25)]]


async def test_what_fails_for_one_fails_for_nobody_else() -> None:
    together = MicroBatcher(Doubler(picky=True), largest=10)
    results = await asyncio.gather(*map(together, (2, 4, 5, 6)), return_exceptions=True)
    assert [str(result) for result in results] == ["4", "8", "5 is odd", "12"]


async def test_what_fails_for_all_is_not_tried_for_each() -> None:
    doubler = Doubler(broken=True)
    together = MicroBatcher(doubler, largest=100)
    results = await asyncio.gather(*map(together, range(100)), return_exceptions=True)
    assert {type(result) for result in results} == {StorageError}
    assert [len(call) for call in doubler.calls] == [100, 1, 1]


async def test_a_failure_is_over_with_its_call() -> None:
    together = MicroBatcher(Doubler(picky=True), largest=10)
    with pytest.raises(ValueError, match="3 is odd"):
        await together(3)
    assert await together(4) == 8


async def test_who_leaves_neither_stops_the_call_nor_the_others() -> None:
    doubler = Doubler()
    together = MicroBatcher(doubler, largest=10)
    leaving, staying = (asyncio.create_task(together(number)) for number in (1, 2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 4
    await together.settled()
    assert doubler.calls == [[1, 2]]


async def test_an_error_of_its_own_is_no_reason_to_fail_the_items_after_it() -> None:
    async def call(items: Sequence[int]) -> list[int]:
        await asyncio.sleep(0)
        lost = [item for item in items if item % 4 != 3]
        if lost:
            raise StateChanged(f"{lost[0]} has changed")
        return list(items)

    batcher = MicroBatcher(call, largest=10)
    results = await asyncio.gather(*map(batcher, range(8)), return_exceptions=True)

    assert [each for each in results if isinstance(each, int)] == [3, 7]
    told = [str(each) for each in results if isinstance(each, StateChanged)]
    assert told == [f"{number} has changed" for number in (0, 1, 2, 4, 5, 6)]
