"""A process that delivers what the outbox has, to be killed at a given point of a delivery.

The platform is a file with a line for each post: what it holds outlives every process.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import exists, select

from bot.clock import SystemClock
from bot.delivery import OutboxWorker, open_outbox
from bot.delivery.outbox import StoredOutbox
from bot.ports import ReservedPost
from bot.storage import Database, open_database
from bot.storage.outbox import OPEN
from bot.storage.tables import outbox
from tests.delivery.platform import ListAdapter
from tests.delivery.worker_process import quick_inbox

KILLED_AT = 3
"""Which delivery of a process is its last."""


class FilePlatform(ListAdapter):
    """Posts into a file; looks there for a post that an earlier attempt may have made."""

    def __init__(self, record: Path, point: str) -> None:
        super().__init__()
        self._record = record
        self._point = point
        self.begun = 0

    async def deliver(self, reserved: ReservedPost) -> str:
        self.begun += 1
        self.reach("reserved")
        line = f"{reserved.key}\t{reserved.post.conversation}\t{reserved.post.markdown}\n"
        known = self._record.read_text() if self._record.exists() else ""
        if not (reserved.repeated and line in known):
            descriptor = os.open(self._record, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(descriptor, line.encode())
            os.close(descriptor)
        self.reach("posted")
        return reserved.key

    def reach(self, point: str) -> None:
        """Die here if this is the point to die at."""
        if point == self._point and self.begun >= KILLED_AT:
            os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, record: Path, _count: int, ready: Callable[[], None], point: str) -> None:
    """Deliver, and leave when everything is delivered."""
    clock = SystemClock()
    async with (
        await open_database(url) as database,
        quick_inbox(database, clock) as inbox,
        open_outbox(database, clock, inbox) as stored,
    ):
        platform = FilePlatform(record, point)
        _die_after_recording(stored, platform)
        worker = OutboxWorker(stored, {"test": platform}, concurrency=2, clock=clock)
        working = asyncio.create_task(worker.run())
        ready()
        while await anything_left(database):  # noqa: ASYNC110 - a database has no event
            await asyncio.sleep(0.01)
        await worker.stop()
        await working


def _die_after_recording(stored: StoredOutbox, platform: FilePlatform) -> None:
    """Let `wake`, which every recorded delivery calls, be the point after it."""
    wake = stored.wake

    def woken() -> None:
        platform.reach("recorded")
        wake()

    stored.wake = woken  # type: ignore[method-assign]


async def anything_left(database: Database) -> bool:
    async with database.read() as connection:
        return bool(await connection.scalar(select(exists().where(outbox.c.state.in_(OPEN)))))
