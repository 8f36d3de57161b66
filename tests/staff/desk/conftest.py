"""A desk with a chat and a forum, on either database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import ResponderConfig
from bot.config.staff import MembersConfig, StaffConfig, TeamConfig
from bot.conversations.key import ConversationKey
from bot.delivery import OutboxWorker
from bot.delivery.outbox import StoredOutbox
from bot.messages import Addressing, Attachment, Author, Message, Readers
from bot.staff.desk import Desk, Opening
from bot.staff.roster import Roster
from bot.staff.teams import Teams
from bot.storage import Database
from bot.storage.cases import thread_of
from bot.storage.outbox import OPEN
from bot.storage.tables import outbox
from tests.staff.desk.platform import DeskPlatform
from tests.storage.conftest import database, url

__all__ = ["database", "room", "url"]

BOB = Author("chat:T1:S1", "Bob", staff=True)
CLEO = Author("chat:T1:S2", "Cleo", staff=True)
ANN = Author("forum:G1:U1", "Ann Lee", "en")
CUSTOMERS = "forum:app:help:77"


@dataclass
class DeskRoom:
    """A desk, its platforms and what delivers its posts.

    Attributes:
        chat: Where staff are.
        forum: Where customers are.
    """

    database: Database
    clock: SystemClock = field(default_factory=SystemClock)
    chat: DeskPlatform = field(default_factory=lambda: DeskPlatform(name="chat"))
    forum: DeskPlatform = field(default_factory=lambda: DeskPlatform(name="forum"))
    team: TeamConfig = field(default_factory=lambda: TeamConfig(cases={"chat": "CASES"}))
    lines: int = 0

    def __post_init__(self) -> None:
        self.serve(default=self.team)

    def serve(self, **teams: TeamConfig) -> None:
        """Open the desk with other teams."""
        members = {"chat": MembersConfig(users=frozenset({"S1", "S2"}))}
        self.teams = Teams(StaffConfig(members=members, teams=teams))
        self.outbox = StoredOutbox(self.database, self.clock)
        self.desk = Desk(
            self.database,
            self.clock,
            adapters={"chat": self.chat, "forum": self.forum},
            teams=self.teams,
            roster=Roster(members),
            wording=BotWording(ResponderConfig(), "en"),
            language="en",
            wake=self.outbox.wake,
        )

    async def opened(self, text: str = "Where is order 48213?", **values: object) -> int:
        """Open a case of a customer, with its thread; return its number."""
        opening = replace(self.opening(), **values)  # type: ignore[arg-type]
        case = await self.desk.open(self.message(text), opening)
        await self.delivered()
        return case.number

    def opening(self) -> Opening:
        """Return why a case is opened."""
        return Opening("asked", self.teams.default, language="en")

    def message(self, text: str, *files: Attachment, author: Author = ANN) -> Message:
        """A customer's message."""
        self.lines += 1
        return Message(
            f"forum:app:help:m{self.lines}",
            CUSTOMERS,
            author,
            text,
            datetime(2026, 1, 5, 9, self.lines % 60, tzinfo=UTC),
            Addressing.DIRECT,
            files,
            Readers.OTHERS,
        )

    async def written(
        self, case: int, text: str, *files: Attachment, author: Author = BOB
    ) -> Message:
        """Return a line of staff in the thread of a case."""
        self.lines += 1
        thread = await self.thread(case)
        return Message(
            str(ConversationKey.parse(thread).message(f"s{self.lines}")),
            thread,
            author,
            text,
            datetime(2026, 1, 5, 10, self.lines % 60, tzinfo=UTC),
            Addressing.THREAD,
            files,
        )

    async def thread(self, case: int) -> str:
        return await self.database.query(lambda connection: thread_of(connection, case))

    async def inside(self, case: int) -> list[str]:
        """What stands in the thread of a case, the first post left out."""
        return self.chat.texts(await self.thread(case))

    def outside(self) -> list[str]:
        """What the customer reads."""
        return self.forum.texts(CUSTOMERS)

    async def delivered(self) -> None:
        """Deliver everything that is due."""
        async with self.delivering():
            async with asyncio.timeout(20):
                while await self._open():  # noqa: ASYNC110 - a database tells nobody
                    await asyncio.sleep(0.005)

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[None]:
        adapters = {"chat": self.chat, "forum": self.forum}
        worker = OutboxWorker(self.outbox, adapters, concurrency=4, clock=self.clock)
        running = asyncio.create_task(worker.run())
        try:
            yield
        finally:
            await worker.stop()
            await running

    async def _open(self) -> bool:
        query = select(outbox.c.id).where(outbox.c.state.in_(OPEN)).limit(1)
        return await self.database.query(
            lambda connection: connection.execute(query).first() is not None
        )


@pytest.fixture
async def room(database: Database) -> DeskRoom:
    return DeskRoom(database)
