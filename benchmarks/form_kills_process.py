"""A desk in a process of its own that leads a customer through a form, to be killed.

Inbox, outbox, workers, stages of forms and storage are the real ones; what the customer means is
scripted. The platform is a file with a line for each post, and the shop one with the codes that it
mailed; both outlive every process. `dies` is the point, and the number of the customer's line, at
which the process kills itself with -9.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select

from bot import logs
from bot.app.private import PrivatePlaces
from bot.clock import SystemClock
from bot.delivery import Intake, OutboxWorker, Worker, open_outbox
from bot.messages import Addressing, Author, Event, Message, Part, Readers, Received, Say
from bot.ports import (
    Accept,
    ActionInfo,
    ActionRequest,
    ActionResult,
    Posting,
    Proofs,
    ReservedPost,
    Responding,
)
from bot.storage import Database, StoredTranscripts, open_database
from bot.storage.outbox import OPEN
from bot.storage.tables import events, outbox
from tests.answering.forms.form_desk import FormDesk, ScriptedActions, taught
from tests.answering.proof.shop import Desk, Shop
from tests.delivery.support import START
from tests.delivery.worker_process import quick_inbox

ANN, CHANNEL, DIRECT = "test:w:ann", "test:app:c:7", "test:app:dm-ann"

LINES = ("I want to complain", "hm hm", "48213", "it came late", "yes", "the code is {code}")
"""What the customer writes: the second line is no answer, a code is mailed after the fifth."""

RESEND = "please send it again"
"""Written before the last line, where no code was mailed."""

POINTS = ("reading", "answered", "posted", "remembered")
"""Where a process can die for each line: around the post, and before the event is finished."""

MAILING = ("finding 4", "mailing 4", "mailed 4", "checking 5")
"""Around the mail with the code, and before the proof is stored."""

DELIVERING = ("delivering", "delivered")
"""The same for a post of the outbox, by which a form goes on in private."""

_FORM = r"""
version: 1
intents:
  - name: complain
    title: Complain
    visibility: private
    examples: [complain, a complaint, file a complaint, I complain, complaints]
    slots:
      order_number: {type: pattern, pattern: '\b\d{5}\b', ask: Which order?, example: Like 12345.}
      fault: {type: choice, choices: [late, broken], ask: What is wrong?}
    action: complain
    reply: "Noted: {order_number}, {fault}."
"""
_NEEDS = ("order_number", "fault")


@dataclass(frozen=True, slots=True)
class Walk:
    """What a process does.

    Attributes:
        public: The first line is written where others read.
        dies: Point and number of the line at which the process kills itself; empty: nowhere.
    """

    public: bool = False
    dies: str = ""

    def reach(self, point: str) -> None:
        """Die here if this is the point to die at."""
        if point == self.dies:
            os.kill(os.getpid(), signal.SIGKILL)

    def message(self, number: int, said: str) -> Message:
        """Return a line of the customer."""
        place = CHANNEL if self.public and not number else DIRECT
        readers = Readers.OTHERS if place == CHANNEL else Readers.AUTHOR
        addressing = Addressing.MENTION if place == CHANNEL else Addressing.DIRECT
        at = START.replace(minute=number)
        author, identity = Author(ANN, "Ann", "en"), f"{place}:{number}"
        return Message(identity, place, author, said, at, addressing, readers=readers)


class FilePlatform:
    """An adapter that posts into a file, and looks there for what an earlier attempt posted."""

    name = "test"

    def __init__(self, record: Path, walk: Walk, database: Database) -> None:
        self._record = record
        self._walk = walk
        self._database = database

    async def run(self, accept: Accept) -> None:
        """Deliver the lines, each after the answer to the one before; at each start once more."""
        for number, line in enumerate(LINES):
            if "{code}" in line and not mailed(self._record):
                await self._deliver(accept, len(LINES), RESEND)
            await self._deliver(accept, number, line)

    async def _deliver(self, accept: Accept, number: int, line: str) -> None:
        said = line.format(code=next(reversed(mailed(self._record)), ""))
        await accept(Received(self._walk.message(number, said)))
        while await anything_left(self._database):  # noqa: ASYNC110 - stored, no event
            await asyncio.sleep(0.02)

    async def close(self) -> None:
        """Nothing is open."""

    async def direct_messages(self, person: str) -> str:  # noqa: ARG002 - there is one
        """Return the direct messages with the customer."""
        return DIRECT

    @asynccontextmanager
    async def thinking(self, event: Event) -> AsyncIterator[None]:  # noqa: ARG002 - a port
        """Show nothing."""
        yield

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Post the answer."""
        identity = posting.event.message.id
        number = identity.rpartition(":")[2]
        self._walk.reach(f"reading {number}")
        text = "".join([part.markdown async for part in parts if isinstance(part, Say)])
        self._walk.reach(f"answered {number}")
        if posting.attempt == 1 or not self._stands(identity, text):
            await posting.reserve()
            self._write(identity, text)
        self._walk.reach(f"posted {number}")
        await posting.remember(identity)
        self._walk.reach(f"remembered {number}")

    async def deliver(self, reserved: ReservedPost) -> str:
        """Make a post of the outbox."""
        post = reserved.post
        identity = f"{post.conversation} after {post.cause}"
        self._walk.reach("delivering 0")
        if not (reserved.repeated and self._stands(identity, post.markdown)):
            self._write(identity, post.markdown)
        self._walk.reach("delivered 0")
        return reserved.key

    def _stands(self, identity: str, text: str) -> bool:
        return self._record.exists() and _line(identity, text) in self._record.read_text()

    def _write(self, identity: str, text: str) -> None:
        _append(self._record, _line(identity, text))


class QuickClock(SystemClock):
    """The system's clock, on which nobody waits for long."""

    async def sleep(self, seconds: float) -> None:
        """Wait a moment."""
        await asyncio.sleep(min(seconds, 0.02))


class MailingShop(Shop):
    """A shop that mails codes into a file."""

    def __init__(self, record: Path, walk: Walk) -> None:
        super().__init__()
        self._record = record
        self._walk = walk

    async def call(
        self, action: str, values: Mapping[str, Any], request: ActionRequest
    ) -> ActionResult:
        """Call an action of the proof, or die before or after it."""
        number = request.message.id.rpartition(":")[2]
        before = {"find": "finding", "send": "mailing", "address": "checking"}[action]
        self._walk.reach(f"{before} {number}")
        result = await super().call(action, values, request)
        if action == "send":
            _append(_mails(self._record), f"{values['code']}\n")
            self._walk.reach(f"mailed {number}")
        return result


class ProvenActions(ScriptedActions):
    """Actions of customers who have proven who they are."""

    def __init__(self, proofs: Proofs) -> None:
        info = ActionInfo("complain", writes=True, needs=_NEEDS, provides=(), proof=("code",))
        super().__init__({"complain": info}, {"complain": (ActionResult("done"),)})
        self._proofs = proofs

    async def run(self, request: ActionRequest) -> ActionResult:
        """Run an action where it is confirmed and proven."""
        result = await super().run(request)
        if result.state == "done" and not await self._proofs.subject(request, ("code",)):
            return ActionResult("unproven")
        return result


def responder(database: Database, platform: FilePlatform, record: Path, walk: Walk) -> Responding:
    """Return what leads the form."""
    shop = Desk(database, shop=MailingShop(record, walk), clock=QuickClock())
    actions = ProvenActions(shop.proofs)
    intents = taught(record.with_suffix(".intents"), _FORM, actions.infos)
    private = PrivatePlaces({"test": platform})
    script, proof = {LINES[0]: "complain"}, shop.dialogue
    return FormDesk(database, intents, script, actions, private=private, proof=proof).responder()


async def main(url: str, record: Path, _: int, ready: Callable[[], None], walk: Walk) -> None:
    """Serve, and leave when nothing is left to do."""
    logs.configure(level="ERROR")
    clock = SystemClock()
    async with (
        await open_database(url) as database,
        quick_inbox(database, clock, pause=0.1) as inbox,
        open_outbox(database, clock, inbox) as posts,
    ):
        platform = FilePlatform(record, walk, database)
        leads = responder(database, platform, record, walk)
        adapters = {"test": platform}
        worker = Worker(inbox, leads, adapters, concurrency=2, clock=clock, outbox=posts)
        deliverer = OutboxWorker(posts, adapters, concurrency=2, clock=clock)
        working = [asyncio.create_task(worker.run()), asyncio.create_task(deliverer.run())]
        ready()
        await platform.run(Intake(inbox, StoredTranscripts(database)).accept)
        await worker.stop()
        await deliverer.stop()
        await asyncio.gather(*working)


async def anything_left(database: Database) -> bool:
    """Return whether something is to be answered or posted."""
    queries = (
        select(exists().select_from(events)),
        select(exists().where(outbox.c.state.in_(OPEN))),
    )
    async with database.read() as connection:
        return any([await connection.scalar(each) for each in queries])


def mailed(record: Path) -> list[str]:
    """Return the codes that were mailed."""
    mails = _mails(record)
    return mails.read_text().split() if mails.exists() else []


def _mails(record: Path) -> Path:
    return record.with_suffix(".mails")


def _append(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, text.encode())
    os.close(descriptor)


def _line(identity: str, text: str) -> str:
    return f"{identity}\t{' '.join(text.split())}\n"
