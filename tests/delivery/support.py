"""What the delivery tests share: events to send, decisions to make, time to move."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta

from bot.messages import Addressing, Author, Decision, DecisionKind, Event, Message, Received
from bot.ports import EventOutcome

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def received(
    number: int,
    conversation: str = "test:app:one",
    *,
    text: str = "",
    addressing: Addressing = Addressing.DIRECT,
    author: str = "ann",
    apart: timedelta = timedelta(minutes=2),
) -> Received:
    """A message whose id and text say which one it is; too far from others to be one question."""
    return Received(
        Message(
            id=f"{conversation}:{number}",
            conversation=conversation,
            author=Author(f"test:team:{author}", author.title(), "en"),
            text=text or f"message {number}",
            sent_at=START + apart * number,
            addressing=addressing,
        )
    )


def outcome(event: Event, reply: str = "fine") -> EventOutcome:
    """A decision about an event, and the reply."""
    message_id = event.message.id
    return EventOutcome(
        Decision(id=f"d:{message_id}", message_id=message_id, kind=DecisionKind.INTENT), reply
    )


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return START + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._seconds + seconds, id(future), future))
        await future

    @property
    def sleeping(self) -> list[float]:
        """How many seconds each sleeper still has to wait."""
        return sorted(due - self._seconds for due, _, future in self._sleepers if not future.done())

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self._seconds += seconds
        while self._sleepers and self._sleepers[0][0] <= self._seconds:
            _, _, future = heapq.heappop(self._sleepers)
            if not future.done():
                future.set_result(None)
