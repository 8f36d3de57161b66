"""Whose turn is it? Conversations side by side, each one in order."""

from __future__ import annotations

import asyncio
from bisect import bisect_left

from bot.ports import Clock


class Lanes:
    """The order of what waits: one lane for each conversation, taken by one worker at a time.

    Holds numbers only; the events are in the database. A lane is waiting (in the queue), taken,
    or delayed; an empty lane does not exist.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lanes: dict[str, list[int]] = {}
        self._ready: asyncio.Queue[str] = asyncio.Queue()
        self._alarms: set[asyncio.Task[None]] = set()

    def add(self, conversation: str, number: int, *, delay: float = 0.0) -> None:
        """Put an event into its lane, by its number; one that is there already stays.

        Args:
            conversation: Which lane.
            number: The event; lower numbers come first.
            delay: Seconds that a new lane waits before its first turn.
        """
        lane = self._lanes.get(conversation)
        if lane is None:
            self._lanes[conversation] = [number]
            self.give_back(conversation, delay=delay)
            return
        place = bisect_left(lane, number)
        if place == len(lane) or lane[place] != number:
            lane.insert(place, number)

    async def take(self) -> tuple[str, int]:
        """Wait for a lane that nobody has; return it with its first event."""
        conversation = await self._ready.get()
        return conversation, self._lanes[conversation][0]

    def give_back(self, conversation: str, *, delay: float = 0.0) -> None:
        """Let a taken lane have its turn again, from the same event on."""
        if delay <= 0:
            self._ready.put_nowait(conversation)
            return
        alarm = asyncio.create_task(self._wake(conversation, delay))
        self._alarms.add(alarm)
        alarm.add_done_callback(self._alarms.discard)

    def leave(self, conversation: str, number: int) -> None:
        """Take an event out of a taken lane, and let the lane have its next turn."""
        lane = self._lanes[conversation]
        lane.remove(number)
        if lane:
            self._ready.put_nowait(conversation)
        else:
            del self._lanes[conversation]

    def close(self) -> None:
        """Forget every delay."""
        for alarm in self._alarms:
            alarm.cancel()

    async def _wake(self, conversation: str, delay: float) -> None:
        await self._clock.sleep(delay)
        self._ready.put_nowait(conversation)
