"""A reply whose parts come one by one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.messages import Decision, DecisionKind, Done, Event, Part, Say


class Slow:
    """A reply that goes on when a test says so."""

    def __init__(self, event: Event) -> None:
        decision = Decision(id="d", message_id=event.message.id, kind=DecisionKind.GENERATED)
        self._done = Done(decision)
        self._parts: asyncio.Queue[Part | Exception] = asyncio.Queue()

    def say(self, *parts: Part | str | Exception) -> None:
        for part in parts:
            self._parts.put_nowait(Say(part) if isinstance(part, str) else part)

    def end(self, *parts: Part | str) -> None:
        self.say(*parts, self._done)

    async def parts(self) -> AsyncIterator[Part]:
        while True:
            part = await self._parts.get()
            if isinstance(part, Exception):
                raise part
            yield part
            if part is self._done:
                return
