"""A desk in a process of its own, to be killed.

Takes in COUNT messages in 20 conversations, all of them at every start as a platform that
delivers again would, answers them into the file RECORD, and exits when nothing is left to do.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from sqlalchemy import exists, select

from bot.clock import SystemClock
from bot.delivery import Intake, SqliteInbox, Worker
from bot.delivery.isolation import PAUSE
from bot.delivery.postgres_inbox import PostgresInbox
from bot.messages import Event, Part, Say
from bot.ports import Accept, Clock, Inbox, Posting
from bot.storage import Database, StoredTranscripts, open_database
from bot.storage.tables import events
from tests.delivery.platform import Echo
from tests.delivery.support import received


class FileAdapter:
    """Posts into a file; looks there for its own earlier post when a message comes again."""

    name = "test"

    def __init__(self, record: Path, count: int) -> None:
        self._record = record
        self._count = count

    async def run(self, accept: Accept) -> None:
        for number in range(self._count):
            await accept(received(number, f"test:app:{number % 20}"))

    async def close(self) -> None:
        """Nothing is open."""

    @asynccontextmanager
    async def thinking(self, event: Event) -> AsyncIterator[None]:
        yield

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        text = "".join([part.markdown async for part in parts if isinstance(part, Say)])
        line = f"{posting.event.message.id}\t{text}\n"
        if posting.attempt > 1 and line in self._record.read_text():
            return
        await posting.reserve()
        descriptor = os.open(self._record, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, line.encode())
        os.close(descriptor)
        await posting.remember(posting.event.message.id)


async def main(url: str, record: Path, count: int, ready: Callable[[], None]) -> None:
    """Take in, answer, and leave when everything is answered."""
    clock = SystemClock()
    async with await open_database(url) as database, quick_inbox(database, clock) as inbox:
        adapter = FileAdapter(record, count)
        worker = Worker(inbox, Echo(), {"test": adapter}, concurrency=8, clock=clock)
        working = asyncio.create_task(worker.run())
        ready()
        await adapter.run(Intake(inbox, StoredTranscripts(database)).accept)
        while await anything_left(database):  # noqa: ASYNC110 - a database has no event
            await asyncio.sleep(0.01)
        await worker.stop()
        await working


def quick_inbox(
    database: Database, clock: Clock, *, pause: float = PAUSE
) -> AbstractAsyncContextManager[Inbox]:
    """Return the inbox of a database; on PostgreSQL a worker is dead after a moment of silence.

    There is one process at a time, so that none which lives is taken for dead.
    """
    if database.path is not None:
        return SqliteInbox(database, clock, pause=pause)
    return PostgresInbox(database, clock, stalled=0.4, pause=pause)


async def anything_left(database: Database) -> bool:
    async with database.read() as connection:
        return bool(await connection.scalar(select(exists().select_from(events))))
