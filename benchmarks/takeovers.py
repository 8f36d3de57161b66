"""Take-overs at random instants: what the bot still begins, and what was under way.

    python -m benchmarks.takeovers [--count 1000] [--backend sqlite|postgres] [--seed 0]

Customers ask in threads of their own; half of the answers are streamed. A colleague takes each
conversation over, by their own line in the thread, or from the case: Claim, Reply or a line that is
sent. Half of the take-overs meet a stream of which something is shown; the others come at any
instant between the question and the end of its answer. Inbox, outbox, desk and workers are the real
ones, on PostgreSQL two of each; the platform takes some milliseconds for each post and edit. Prints
the counts; the exit code tells. docs/benchmarks.md explains the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import func, select

from benchmarks.takeovers_desk import AGENT, Log, Office, opened_office
from bot.messages import Acted, Addressing, Author, Event, Message, Readers, Received
from bot.ownership import Owner
from bot.ports import OutgoingPost
from bot.staff.desk import Opening
from bot.storage import Database, open_database
from bot.storage.moves import move
from bot.storage.outbox import OPEN, enqueue
from bot.storage.tables import conversation_states, events, messages, outbox, relays
from tests.databases import postgres_schema

Route = Literal["own line", "claim", "reply", "sent line"]
ROUTES: tuple[Route, ...] = ("own line", "claim", "reply", "sent line")

ANSWER = 0.25
"""Seconds that an answer takes, from the question to its end."""

AT_ONCE = 24
"""Conversations side by side."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One conversation, and how it is taken over."""

    number: int
    route: Route
    streamed: bool
    delay: float

    @property
    def place(self) -> str:
        """Where it is."""
        return f"field:app:{'stream' if self.streamed else 'posts'}:{self.number}"

    def message(self, name: str, text: str, place: str = "", *, staff: bool = False) -> Message:
        """Return a line in it, or elsewhere."""
        where = place or self.place
        channel = ":".join(where.split(":")[:3])
        return Message(
            f"{channel}:{self.number}-{name}",
            where,
            AGENT if staff else Author(f"field:T1:c{self.number}", f"Customer {self.number}"),
            text,
            datetime.now(UTC),
            Addressing.THREAD if staff else Addressing.MENTION,
            readers=Readers.OTHERS,
        )


def scenes(count: int, seed: int) -> list[Scene]:
    """Return as many scenes; every second one meets a stream."""
    chance = random.Random(seed)  # noqa: S311 - instants, no secrets
    return [
        Scene(
            number,
            ROUTES[number // 2 % len(ROUTES)],
            streamed=number % 2 == 0,
            delay=chance.uniform(0, ANSWER * (0.4 if number % 2 == 0 else 1.0)),
        )
        for number in range(count)
    ]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of the take-overs.

    Attributes:
        begun: Conversations with posts or edits whose reservation was asked for afterwards.
        under_way: How many posts and edits each take-over met that had been begun before it.
        unowned: Conversations that do not belong to the colleague at the end.
        unread: Questions that staff cannot read in the thread of the case.
        met: Take-overs that met a stream of which something was shown and something was to come.
    """

    routes: Counter[str]
    begun: list[str]
    under_way: Counter[int]
    unowned: list[str]
    unread: list[str]
    met: int

    @property
    def holds(self) -> bool:
        """Whether the rule holds."""
        kept = not (self.begun or self.unowned or self.unread)
        return kept and max(self.under_way, default=0) <= 1

    def __str__(self) -> str:
        """Render for people."""
        routes = ", ".join(f"{count} by {route}" for route, count in self.routes.items())
        under_way = sum(number * count for number, count in self.under_way.items())
        return "\n".join(
            [
                f"take-overs: {sum(self.routes.values())} ({routes})",
                f"in mid-stream: {self.met}",
                f"posts and edits begun after the take-over was stored: {len(self.begun)}",
                f"under way when it was stored: {under_way}",
                f"under way at one take-over, at most: {max(self.under_way, default=0)}",
                f"conversations that are not the colleague's in the end: {len(self.unowned)}",
                f"questions that the case does not show: {len(self.unread)}",
            ]
        )


async def measure(url: str, count: int, seed: int, *, workers: int) -> Result:
    """Take conversations over on a database with some workers."""
    log, found = Log(), scenes(count, seed)
    async with AsyncExitStack() as stack:
        offices = [await stack.enter_async_context(opened_office(url, log)) for _ in range(workers)]
        for start in range(0, count, AT_ONCE):
            batch = found[start : start + AT_ONCE]
            await asyncio.gather(*(_play(each, offices, log) for each in batch))
        await _settled(offices[0].database)
        return await _result(found, log, offices[0].database)


async def _play(scene: Scene, offices: list[Office], log: Log) -> None:
    """Ask, and take the conversation over while it is answered."""
    asked = offices[scene.number // 2 % len(offices)]
    answering = offices[scene.number // 3 % len(offices)]
    if scene.route != "own line":
        case = await _waiting(scene, asked)
        log.cases[case] = scene.place
    else:
        case = 0
    await asked.intake.accept(Received(scene.message("asks", "where is order 48213?")))
    await _remind(scene, asked.database)
    if scene.streamed:
        await log.shown(scene.place)
    await asyncio.sleep(scene.delay)
    log.met(scene.place)
    await answering.intake.accept(await _taking(scene, case, answering))
    await log.taken(scene.place)


async def _waiting(scene: Scene, office: Office) -> int:
    """Let the customer have asked for a person; return the case."""
    wish = scene.message("wish", "a person, please")
    case = await office.desk.open(wish, Opening("asked", office.team))
    now = datetime.now(UTC)
    await office.database.write(
        lambda it: move(it, scene.place, Owner.WAITING, cause=wish.id, at=now, team=case.team)
    )
    if not await office.desk.told(case.number, within=60):
        raise SystemExit("a case has no thread")
    return case.number


async def _remind(scene: Scene, database: Database) -> None:
    """Leave something of the bot's own in the outbox, in every third conversation."""
    if scene.number % 3 == 0:
        post = OutgoingPost(scene.place, "Did that help?", f"reminder {scene.number}", "x")
        now = datetime.now(UTC)
        await database.write(lambda it: enqueue(it, [post], now=now))


async def _taking(scene: Scene, case: int, office: Office) -> Event:
    """Return the event that takes a conversation over."""
    if scene.route == "own line":
        return Received(scene.message("own", "I will look.", staff=True))
    thread = await office.thread(case)
    match scene.route:
        case "claim":
            return Acted(_pressed(scene.message("claim", "", thread, staff=True)), "claim", case)
        case "reply":
            said = scene.message("reply", "It left.", thread, staff=True)
            return Acted(_pressed(said), "reply", case)
    return Received(scene.message("sent", "!send It left.", thread, staff=True))


def _pressed(message: Message) -> Message:
    """Return where a button was pressed: the answer is seen by whoever did."""
    return replace(message, addressing=Addressing.EPHEMERAL)


async def _settled(database: Database) -> None:
    """Wait until nothing is left to do."""
    waiting = select(events.c.id).limit(1)
    coming = select(outbox.c.id).where(outbox.c.state.in_(OPEN)).limit(1)
    while True:
        async with database.read() as connection:
            left = await connection.scalar(waiting), await connection.scalar(coming)
        if left == (None, None):
            return
        await asyncio.sleep(0.05)


async def _result(found: list[Scene], log: Log, database: Database) -> Result:
    owner = select(conversation_states.c.conversation).where(
        conversation_states.c.owner == Owner.HUMAN,
        conversation_states.c.assignee == AGENT.key,
    )
    carried = select(relays.c.source).where(relays.c.direction == "to_staff")
    async with database.read() as connection:
        owned = set(await connection.scalars(owner))
        read = set(await connection.scalars(carried))
    questions = {each.place: each.message("asks", "").id for each in found}
    answered = await _answered(database)
    return Result(
        Counter(each.route for each in found),
        log.begun_after(),
        Counter(log.under_way(each.place) for each in found),
        [each.place for each in found if each.place not in owned],
        [
            place
            for place, question in questions.items()
            if question not in read and question not in answered
        ],
        log.met_streams,
    )


async def _answered(database: Database) -> set[str]:
    """Return the questions that were answered to their end before anybody took over."""
    said = (messages.c.role == "bot") & (func.length(messages.c.text) > 0)
    query = select(messages.c.event).where(said)
    async with database.read() as connection:
        return set(await connection.scalars(query))


@asynccontextmanager
async def _database(backend: str) -> AsyncIterator[str]:
    if backend == "postgres":
        async with postgres_schema() as url:
            yield url
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/desk.db"


async def _run(backend: str, count: int, seed: int) -> bool:
    async with _database(backend) as url:
        async with await open_database(url):
            pass  # its tables are made once, before two workers want to
        workers = 2 if backend == "postgres" else 1
        result = await measure(url, count, seed, workers=workers)
    print(f"{backend}, {workers} worker{'s' * (workers > 1)}")
    print(result)
    return result.holds


def main() -> None:
    """Print what came of the take-overs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--backend", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    backends = arguments.backend or ["sqlite", "postgres"]
    held = [asyncio.run(_run(each, arguments.count, arguments.seed)) for each in backends]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
