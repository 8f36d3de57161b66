"""A desk in a process of its own that cancels orders when a customer says so, to be killed.

Inbox, outbox, workers, runner and settling job are the real ones; the platform is a file with a
line for each post, which outlives every process. `dies` is the point at which the process kills
itself with -9.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select

from bot import logs
from bot.answering.actions import ActionCaller, ActionRunner, values_hash
from bot.answering.actions.settling import SettleCalls, SettledText
from bot.answering.actions.writes import Writes
from bot.answering.wording import BotWording
from bot.clock import SystemClock
from bot.config.schema import ResponderConfig
from bot.delivery import Intake, OutboxWorker, Worker, open_outbox
from bot.messages import Decision, DecisionKind, Done, Event, Part, Say
from bot.ports import Accept, ActionRequest, Posting, ReservedPost
from bot.storage import Database, StoredTranscripts, open_database
from bot.storage.action_calls import OPEN as UNSETTLED
from bot.storage.action_calls import ActionCalls, StoredCall
from bot.storage.outbox import OPEN
from bot.storage.tables import action_calls, events, outbox
from bot.understanding.intents.actions import ActionsFile
from tests.delivery.support import received
from tests.delivery.worker_process import quick_inbox

TIMEOUT = 1.0
"""Seconds that the shop has."""

DONE, CHECKED, AWAY = "is cancelled", "is being checked", "is away"
"""What customers read: the confirmation, that nobody knows yet, that nothing was sent."""

DONE_LATER = "went through"
"""What they read in the post that confirms it later."""

POINTS = ("unplanned", "planned", "sent", "answered", "finished", "posting", "posted")
"""Where a process can die: before and after each state is stored, and around the post."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a process does.

    Attributes:
        place: Host and port of the shop.
        order: That is to be cancelled.
        lookup: The action has one.
        dies: Where the process kills itself; empty: nowhere.
    """

    place: str
    order: str
    lookup: bool
    dies: str = ""

    def reach(self, point: str) -> None:
        """Die here if this is the point to die at."""
        if point == self.dies:
            os.kill(os.getpid(), signal.SIGKILL)

    def file(self) -> ActionsFile:
        """Return the `actions.yaml`."""
        found = {
            "kind": "read",
            "http": {"url": f"http://{self.place}/lookups/{{idempotency_key}}", "timeout": "1s"},
            "returns": ["found"],
            "on_error": "handoff",
        }
        cancel = {
            "kind": "write",
            "http": {
                "method": "POST",
                "url": f"http://{self.place}/cancellations/{{order_number}}",
                "headers": {"Idempotency-Key": "{idempotency_key}"},
                "timeout": "1s",
            },
            "lookup": "cancelled" if self.lookup else "none",
            "on_error": "handoff",
        }
        actions = {"cancelled": found, "cancel_order": cancel}
        return ActionsFile.model_validate(
            {"version": 1, "hosts": [self.place], "actions": actions}, context={"language": "en"}
        )


class MortalCalls(ActionCalls):
    """Stored calls; the process may die before or after each change."""

    def __init__(self, database: Database, task: Task) -> None:
        super().__init__(database)
        self._task = task

    async def plan(self, call: StoredCall, at: datetime) -> StoredCall:
        """Store a call as planned."""
        self._task.reach("unplanned")
        planned = await super().plan(call, at)
        self._task.reach("planned")
        return planned

    async def sending(self, call: StoredCall, at: datetime) -> bool:
        """Store that a call is about to be sent."""
        sending = await super().sending(call, at)
        self._task.reach("sent")
        return sending

    async def finish(self, call: StoredCall, *rest: Any, **values: Any) -> bool:  # noqa: ANN401
        """Store the outcome of a call."""
        self._task.reach("answered")
        finished = await super().finish(call, *rest, **values)
        self._task.reach("finished")
        return finished


class FilePlatform:
    """An adapter that posts into a file, and looks there for what an earlier attempt posted."""

    name = "test"

    def __init__(self, record: Path, task: Task) -> None:
        self._record = record
        self._task = task

    async def run(self, accept: Accept) -> None:
        """Deliver the one message, at each start once more."""
        await accept(received(1, text=self._task.order))

    async def close(self) -> None:
        """Nothing is open."""

    @asynccontextmanager
    async def thinking(self, event: Event) -> AsyncIterator[None]:  # noqa: ARG002 - a port
        """Show nothing."""
        yield

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Post the answer."""
        text = "".join([part.markdown async for part in parts if isinstance(part, Say)])
        self._task.reach("posting")
        line = f"answer\t{text}\n"
        if posting.attempt == 1 or line not in self._posted():
            await posting.reserve()
            self._write(line)
        self._task.reach("posted")
        await posting.remember(posting.event.message.id)

    async def deliver(self, reserved: ReservedPost) -> str:
        """Make a post of the outbox."""
        line = f"{reserved.key}\t{reserved.post.markdown}\n"
        if not (reserved.repeated and line in self._posted()):
            self._write(line)
        return reserved.key

    def _posted(self) -> str:
        return self._record.read_text() if self._record.exists() else ""

    def _write(self, line: str) -> None:
        descriptor = os.open(self._record, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, line.encode())
        os.close(descriptor)


class Cancels:
    """A responder that cancels the order that a message names, confirmed beforehand."""

    def __init__(self, runner: ActionRunner) -> None:
        self._runner = runner

    async def respond(self, event: Event) -> AsyncIterator[Part]:
        """Run the action, and say what came of it."""
        message = event.message
        values: Mapping[str, Any] = {"order_number": message.text}
        result = await self._runner.run(
            ActionRequest(
                "cancel_order",
                values,
                message,
                "en",
                form=f"form of order {message.text}",
                step="cancel_order",
                confirmed=values_hash(values),
            )
        )
        said = {"done": DONE, "unknown": CHECKED, "unavailable": AWAY}
        yield Say(f"Order {message.text} {said.get(result.state, result.state)}")
        yield Done(Decision(id=f"d:{message.id}", message_id=message.id, kind=DecisionKind.FORM))


async def main(url: str, record: Path, _: int, ready: Callable[[], None], task: Task) -> None:
    """Serve, and leave when nothing is left to do."""
    logs.configure(level="ERROR")
    clock = SystemClock()
    file = task.file()
    async with (
        await open_database(url) as database,
        quick_inbox(database, clock, pause=0.2) as inbox,
        open_outbox(database, clock, inbox) as posts,
    ):
        calls, caller = MortalCalls(database, task), ActionCaller({}, clock)
        writes, platform = Writes(calls, caller, clock), FilePlatform(record, task)
        settling = SettleCalls(
            calls,
            writes,
            lambda: file,
            lambda action, _: SettledText(f"{action} {task.order}"),
            BotWording(ResponderConfig(), "en"),
            clock,
            wake=posts.wake,
        )
        responder = Cancels(ActionRunner(file, caller, writes))
        worker = Worker(inbox, responder, {"test": platform}, concurrency=2, clock=clock)
        deliverer = OutboxWorker(posts, {"test": platform}, concurrency=2, clock=clock)
        working = [asyncio.create_task(worker.run()), asyncio.create_task(deliverer.run())]
        ready()
        await platform.run(Intake(inbox, StoredTranscripts(database)).accept)
        while await anything_left(database, lookup=task.lookup):
            await asyncio.sleep(0.1)
            await settling.settle_due()
        await worker.stop()
        await deliverer.stop()
        await asyncio.gather(*working)


async def anything_left(database: Database, *, lookup: bool) -> bool:
    """Return whether something is to be answered, looked up or posted."""
    queries = [
        select(exists().select_from(events)),
        select(exists().where(outbox.c.state.in_(OPEN))),
    ]
    if lookup:
        queries.append(select(exists().where(action_calls.c.state.in_(UNSETTLED))))
    async with database.read() as connection:
        return any([await connection.scalar(each) for each in queries])
