"""Lines, files, edits, deletions and marks through faults and restarts: each of them once."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import exists, select

from adapters.slack.adapter import SlackAdapter
from bot.clock import SystemClock
from bot.delivery import OutboxWorker
from bot.delivery.outbox import StoredOutbox, open_stored_outbox
from bot.messages import Attachment, Readers
from bot.ports import OutgoingPost
from bot.storage import Database, open_database
from bot.storage.outbox import OPEN
from bot.storage.tables import outbox
from tests.servers.slack import Fault, SlackServer
from tests.slack.conftest import Recorder, ask

METHODS = (
    "chat.postMessage",
    "chat.update",
    "chat.delete",
    "conversations.history",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "files.delete",
    "reactions.add",
    "reactions.remove",
)
LINES = 6
WITH_FILES = (1, 4)
EDITED, DELETED = 2, 4


class RunningClock(SystemClock):
    """A clock that is ahead, by more and more, so that no retry takes its time."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def line(where: str, said: str, **more: object) -> OutgoingPost:
    named = f"slack:A1:C1:{said or more.get('kind')}"
    readers = Readers.AUTHOR
    return OutgoingPost(where, said, named, "slack:T1:U1", readers=readers, **more)  # type: ignore[arg-type]


async def enqueued(stored: StoredOutbox, slack: SlackServer, where: str, staff_line: str) -> None:
    """Store lines, then what changes some of them."""
    posts = []
    for number in range(LINES):
        file = slack.files.add(f"{number}.png", b"\x89PNG", "image/png")
        attached = (Attachment(file["name"], "image/png", 4, file["url_private"]),)
        files = attached if number in WITH_FILES else ()
        posts.append(line(where, f"line {number}", files=files))
    numbers = await stored.enqueue(*posts)
    await stored.enqueue(
        line(where, "line 2, edited", kind="edit", target=numbers[EDITED]),
        line(where, "", kind="delete", target=numbers[DELETED]),
        line("slack:A1:C1", "", kind="mark", marked=staff_line, mark="failed"),
        line("slack:A1:C1", "", kind="mark", marked=staff_line, mark="sent"),
    )


async def open_posts(database: Database) -> bool:
    async with database.read() as connection:
        return bool(await connection.scalar(select(exists().where(outbox.c.state.in_(OPEN)))))


async def killed_after(
    calls: int, slack: SlackServer, adapter: SlackAdapter, database: Database, clock: RunningClock
) -> None:
    """Deliver in a process that dies after some calls of Slack, or is done before."""
    async with open_stored_outbox(database, clock) as stored:
        worker = OutboxWorker(stored, {"slack": adapter}, concurrency=4, clock=clock)
        running = asyncio.create_task(worker.run())
        last, ends = len(slack.api.calls) + calls, asyncio.get_running_loop().time() + 0.15
        while len(slack.api.calls) < last and asyncio.get_running_loop().time() < ends:
            if not await open_posts(database):
                break
            await asyncio.sleep(0.002)
        for task in (running, *(each for each in asyncio.all_tasks() if _delivers(each))):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await running


def _delivers(task: asyncio.Task[object]) -> bool:
    return task.get_name().startswith("outbox-")


@pytest.mark.parametrize("seed", [0, 16, 22])
async def test_each_is_done_once_through_faults_and_restarts(
    slack: SlackServer, recorder: Recorder, adapter: SlackAdapter, tmp_path: Path, seed: int
) -> None:
    dice, clock = random.Random(seed), RunningClock()  # noqa: S311 - no secret
    event = await ask(slack, recorder, channel="D7")
    written = slack.write("!send x", user="U5", channel="C1")
    for method in METHODS:
        for _ in range(2):
            lost = Fault(lose_answer=True) if dice.random() < 0.6 else Fault(status=500)
            slack.faults.order(method, lost)
    async with await open_database(f"sqlite:///{tmp_path}/frontdesk.db") as database:
        async with open_stored_outbox(database, clock) as stored:
            where = event.message.conversation
            await enqueued(stored, slack, where, f"slack:A1:C1:{written.ts}")
        async with asyncio.timeout(60):
            while await open_posts(database):
                await killed_after(dice.randint(1, 8), slack, adapter, database, clock)
                clock.ahead += timedelta(seconds=3)
        async with database.read() as connection:
            states = (await connection.scalars(select(outbox.c.state))).all()

    stands = [post.markdown or post.files[0]["name"] for post in slack.workspace.posts]
    wanted = ["line 0", "line 1", "1.png", "line 2, edited", "line 3", "line 5"]
    assert stands == wanted
    assert states == ["delivered"] * len(states)
    assert written.reactions == ["white_check_mark"]
