"""Per-conversation FIFO queues, processed concurrently; the in-memory order for SQLite."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Coroutine

from bot.delivery.isolation import seconds_alone
from bot.ports import Clock

_Turn = tuple[str, int]


class ConversationQueue:
    """One FIFO queue per conversation; a worker takes one conversation at a time.

    Holds event numbers only; the events are in the database. A conversation is ready, taken or
    delayed; one without events is removed. Conversations whose first event was interrupted come
    first, the least often interrupted at the front, and are isolated: for a limited time nothing
    else is taken alongside. When that time is over, uninterrupted conversations are taken again.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lanes: dict[str, list[int]] = {}
        self._interrupted: dict[int, int] = {}
        self._ready: deque[str] = deque()
        self._suspects: list[tuple[int, int, str]] = []
        self._taken: set[str] = set()
        self._alone = ""
        self._slow = ""
        self._isolating: asyncio.Task[None] | None = None
        self._takers: deque[asyncio.Future[_Turn]] = deque()
        self._alarms: set[asyncio.Task[None]] = set()

    def add(
        self, conversation: str, number: int, *, delay: float = 0.0, interrupted: int = 0
    ) -> None:
        """Add an event to its conversation's queue, ordered by number, unless it is there already.

        Args:
            conversation: Key of the conversation.
            number: Number of the event; lower numbers come first.
            delay: Seconds until a new conversation is ready.
            interrupted: How often handling of the event was interrupted.
        """
        if interrupted:
            self._interrupted.setdefault(number, interrupted)
        lane = self._lanes.get(conversation)
        if lane is None:
            self._lanes[conversation] = [number]
            self._put_back(conversation, delay)
            return
        place = bisect_left(lane, number)
        if place == len(lane) or lane[place] != number:
            lane.insert(place, number)

    async def take(self) -> _Turn:
        """Wait for a conversation that no worker holds; return it with its first event."""
        turn: asyncio.Future[_Turn] = asyncio.get_running_loop().create_future()
        self._takers.append(turn)
        self._hand_out()
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.requeue(turn.result()[0])
            raise

    def requeue(self, conversation: str, *, delay: float = 0.0, ended: bool = False) -> None:
        """Release a taken conversation, to be taken again from the same event.

        Args:
            conversation: Key of the conversation.
            delay: Seconds until it is ready.
            ended: The attempt ran to its end, so the next one needs no isolation.
        """
        if ended:
            self._interrupted.pop(self._lanes[conversation][0], None)
        self._leave_hand(conversation)
        self._put_back(conversation, delay)
        self._hand_out()

    def leave(self, conversation: str, number: int) -> None:
        """Remove an event from a taken conversation and release the conversation."""
        lane = self._lanes[conversation]
        lane.remove(number)
        self._interrupted.pop(number, None)
        self._leave_hand(conversation)
        if lane:
            self._line_up(conversation)
        else:
            del self._lanes[conversation]
        self._hand_out()

    def close(self) -> None:
        """Cancel all delays."""
        for alarm in self._alarms:
            alarm.cancel()

    def _put_back(self, conversation: str, delay: float) -> None:
        """Make a conversation ready, now or after some seconds."""
        if delay > 0:
            self._later(self._wake(conversation, delay))
        else:
            self._line_up(conversation)
            self._hand_out()

    def _line_up(self, conversation: str) -> None:
        """Append a conversation to the ready ones, or sort it into the interrupted ones."""
        number = self._lanes[conversation][0]
        interrupted = self._interrupted.get(number)
        if interrupted:
            insort(self._suspects, (interrupted, number, conversation))
        else:
            self._ready.append(conversation)

    def _hand_out(self) -> None:
        """Hand ready conversations to waiting workers until either runs out."""
        while self._takers:
            if self._takers[0].done():  # the waiting worker was cancelled
                self._takers.popleft()
                continue
            conversation = self._next()
            if conversation is None:
                return
            self._taken.add(conversation)
            self._takers.popleft().set_result((conversation, self._lanes[conversation][0]))

    def _next(self) -> str | None:
        """Return the next conversation to take; None when none may be taken now."""
        if self._alone:
            return None
        if self._suspects and not self._taken:
            return self._isolate()
        if self._suspects and not self._slow:
            return None
        return self._ready.popleft() if self._ready else None

    def _isolate(self) -> str:
        """Return the first interrupted conversation; nothing else is taken for a limited time."""
        interrupted, _, conversation = self._suspects.pop(0)
        self._alone = conversation
        self._isolating = self._later(self._end_isolation(seconds_alone(interrupted)))
        return conversation

    def _leave_hand(self, conversation: str) -> None:
        self._taken.discard(conversation)
        if self._slow == conversation:
            self._slow = ""
        if self._alone == conversation:
            self._alone = ""
            if self._isolating is not None:
                self._isolating.cancel()

    def _later(self, waking: Coroutine[None, None, None]) -> asyncio.Task[None]:
        alarm = asyncio.create_task(waking)
        self._alarms.add(alarm)
        alarm.add_done_callback(self._alarms.discard)
        return alarm

    async def _wake(self, conversation: str, delay: float) -> None:
        await self._clock.sleep(delay)
        self._line_up(conversation)
        self._hand_out()

    async def _end_isolation(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._alone, self._slow = "", self._alone
        self._hand_out()
