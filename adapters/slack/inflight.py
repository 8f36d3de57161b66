"""Work that is under way, for those who have to wait until there is none."""

from __future__ import annotations

import asyncio
from types import TracebackType


class InFlight:
    """Counts what is inside its `with` blocks."""

    def __init__(self) -> None:
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    def __enter__(self) -> None:
        self._count += 1
        self._none.clear()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._count -= 1
        if not self._count:
            self._none.set()

    async def settled(self, seconds: float) -> bool:
        """Wait until nothing is under way; False when it still is after some seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._none.wait()
        except TimeoutError:
            return False
        return True
