"""Edits, deletions and quick lines for the delivery tests, and a platform that posts can leave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.clock import SystemClock
from bot.delivery import Intake, Worker
from bot.messages import Author, Deleted, Edited, Event, Part, Received, Say
from bot.ports import Posting, Responding
from bot.storage import StoredTranscripts
from bot.storage.tables import messages
from tests.delivery.conftest import Desk
from tests.delivery.platform import Echo, ListAdapter
from tests.delivery.support import received
from tests.delivery.worker_process import anything_left

SOON = timedelta(seconds=20)
QUICK = timedelta(seconds=1)


def quick(number: int, *, text: str = "", author: str = "ann") -> Received:
    """One of several lines that follow each other by a second."""
    return received(number, text=text, author=author, apart=QUICK)


def edited(original: Received, text: str, *, after: timedelta = SOON, number: int = 1) -> Edited:
    """The author's nth edit of a message, some time after it was sent."""
    message = original.message
    identity = f"{message.conversation}:edit:{message.id.rpartition(':')[2]}-{number}"
    edit = replace(message, id=identity, text=text)
    moment = message.sent_at + after + timedelta(milliseconds=number)
    return Edited(edit, message.id, moment)


def deleted(original: Received, *, after: timedelta = SOON) -> Deleted:
    """A deletion, as a platform tells it that does not know whose message it was."""
    message = original.message
    identity = f"{message.conversation}:deletion:{message.id.rpartition(':')[2]}"
    gone = replace(
        message, id=identity, text="", author=Author(""), sent_at=message.sent_at + after
    )
    return Deleted(gone, message.id)


class Wall(ListAdapter):
    """Posts one post for each line of a reply; changes and removes them later.

    Attributes:
        shown: What stands, by id.
        withdrawn: Whose answers were taken back, in which attempt, and when they were asked.
    """

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[str, str] = {}
        self._made = 0
        self._about: dict[str, list[str]] = {}
        self.withdrawn: list[tuple[str, int, datetime]] = []

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        self.attempts.append((posting.event.message.id, posting.attempt))
        said = [part.markdown async for part in parts if isinstance(part, Say)]
        await self.open_gate.wait()
        wanted = "".join(said).splitlines()
        standing = self._standing(posting)
        for number, text in enumerate(wanted):
            await posting.reserve()
            await self.before_each()
            if number < len(standing):
                self.shown[standing[number]] = text
                await posting.remember(standing[number])
                continue
            self._made += 1
            self.shown[f"post {self._made}"] = text
            self.posts.append((posting.event.message.id, text))
            self._about.setdefault(posting.event.message.id, []).append(f"post {self._made}")
            await posting.remember(f"post {self._made}")
        for each in standing[len(wanted) :]:
            await posting.reserve()
            self.shown.pop(each, None)
            await posting.forget(each)

    async def before_each(self) -> None:
        """Take no time over a post; other walls do."""

    async def withdraw(self, posting: Posting) -> None:
        message = posting.event.message
        self.withdrawn.append((message.id, posting.attempt, message.sent_at))
        for each in self._standing(posting):
            self.shown.pop(each, None)
            await posting.forget(each)

    def _standing(self, posting: Posting) -> list[str]:
        """Return what stands: as remembered, and as an interrupted attempt has left it."""
        made = self._about.get(posting.event.message.id, []) if posting.attempt > 1 else []
        left = [each for each in made if each in self.shown and each not in posting.posted]
        return [*posting.posted, *left]

    @property
    def texts(self) -> list[str]:
        return list(self.shown.values())


@dataclass
class Room:
    """A desk at work."""

    desk: Desk
    wall: Wall
    intake: Intake
    taken: list[bool] = field(default_factory=list)

    async def take(self, *coming: Event) -> None:
        for event in coming:
            self.taken.append(await self.intake.accept(event))

    async def settled(self) -> None:
        while await anything_left(self.desk.database):  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.01)

    async def attempted(self, times: int = 1) -> None:
        """Wait until an answer is being made."""
        while len(self.wall.attempts) < times:  # noqa: ASYNC110 - a list tells nobody
            await asyncio.sleep(0.005)

    async def transcript(self) -> list[tuple[str, str]]:
        query = select(messages.c.role, messages.c.text).order_by(messages.c.id)
        async with self.desk.database.read() as connection:
            return [(row.role, row.text) for row in await connection.execute(query)]


@asynccontextmanager
async def working(
    desk: Desk, responder: Responding | None = None, wall: Wall | None = None
) -> AsyncIterator[Room]:
    """Let a worker answer what is taken in, by default with what it was told."""
    wall = wall or Wall()
    room = Room(desk, wall, Intake(desk.inbox, StoredTranscripts(desk.database)))
    clock = SystemClock()
    worker = Worker(desk.inbox, responder or Echo(), {"test": wall}, concurrency=4, clock=clock)
    running = asyncio.create_task(worker.run())
    try:
        yield room
    finally:
        wall.open_gate.set()
        await worker.stop(grace=1.0)
        await running
