"""The cost of a message in time and disk, with an empty database and with a million messages.

    python -m benchmarks.cost [--backend sqlite|postgres] [--stored 1000 10000 100000 1000000]

Fills databases with answered messages, one of each size, and accepts, claims and finishes more,
16 at a time as a desk does; in turns, so that whatever else the machine does slows all of them.
Prints milliseconds a message, how much that grows with what is stored, and what is kept and
written for a message. docs/scale.md goes on from these figures.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, insert, text

from bot.clock import SystemClock
from bot.delivery import open_inbox
from bot.messages import Author, Decision, DecisionKind, Event, Message, Received, ScoredIntent
from bot.ports import EventOutcome, Inbox
from bot.storage import Database, open_database
from bot.storage.tables import accepted, conversations, decisions, messages, people
from tests.databases import postgres_schema

T = TypeVar("T")

AT_ONCE = 16
"""As many as `serve.concurrency`."""

ROUND = 96
"""Messages measured together, each in a conversation of its own."""

ROUNDS = 15
WARM_UP = 3

PER_CONVERSATION = 5
START = datetime(2026, 1, 1, tzinfo=UTC)

QUESTION = "Hello, I ordered boots on Monday and have heard nothing since: where is order 48213?"
REPLY = "You find the state of your order under *My orders*. Is there anything else I can do?"
INTENTS = [ScoredIntent("order_status", 0.93), ScoredIntent("change_order", 0.04)]
REASONS = ("order_status is sure: 0.93 is above 0.61",)


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds a message, at one size of the database."""

    stored: int
    accept: float
    claim: float
    finish: float


@dataclass(frozen=True, slots=True)
class Disk:
    """What the database has put on the disk.

    Attributes:
        size: Bytes that it takes.
        written: Bytes that were ever written, log included.
    """

    size: int
    written: int


@dataclass(slots=True)
class Bench:
    """A database in which much is stored."""

    database: Database
    inbox: Inbox
    chance: random.Random
    stored: int
    fresh: Iterator[int] = field(default_factory=lambda: itertools.count(10**9))
    rounds: list[tuple[float, float, float]] = field(default_factory=list)

    async def fill(self) -> None:
        """Store answered messages, past the inbox."""
        for first in range(0, self.stored, 5_000):
            numbers = range(first, min(first + 5_000, self.stored))
            await self.database.write(partial(_store, numbers=numbers))
        if self.database.path is None:
            await self.database.write(lambda connection: connection.execute(text("ANALYZE")))

    def cost(self) -> Cost:
        """Return what the rounds took, those aside that warmed things up."""
        measured = self.rounds[WARM_UP:]
        accept, claim, finish = (median(times) for times in zip(*measured, strict=True))
        return Cost(self.stored, accept, claim, finish)

    async def disk(self) -> Disk:
        """Measure what a message takes, and what is written for it."""
        before = await self._disk()
        for _ in range(ROUNDS):
            await self.round()
        after = await self._disk()
        count = ROUNDS * ROUND
        return Disk(before.size // self.stored, (after.written - before.written) // count)

    async def round(self) -> None:
        """Send messages through, as known people write them in known conversations."""
        self.rounds.append(await self._round())

    async def _round(self) -> tuple[float, float, float]:
        known = self.chance.sample(range(self.stored // PER_CONVERSATION), ROUND)
        events = [_event(next(self.fresh), customer) for customer in known]
        accept, _ = await _timed(self.inbox.accept, events)
        claim, claims = await _timed(lambda _: self.inbox.claim(), events)
        finish, _ = await _timed(lambda it: self.inbox.finish(it, _outcome(it.event)), claims)
        return accept, claim, finish

    async def _disk(self) -> Disk:
        path = self.database.path
        if path is None:
            async with self.database.read() as connection:
                row = (await connection.execute(text(_SERVER_DISK))).one()
            return Disk(int(row.size), int(row.written))
        return await asyncio.to_thread(_file_disk, path)


def _file_disk(path: Path) -> Disk:
    """Look at a SQLite database, whose one writer is this process."""
    lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    counters = dict(line.split(": ") for line in lines)
    size = sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*"))
    return Disk(size, int(counters["write_bytes"]))


_SERVER_DISK = """
    SELECT (
        SELECT sum(pg_total_relation_size(oid)) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
    ) AS size, pg_current_wal_lsn() - '0/0'::pg_lsn AS written
"""


async def _timed(
    call: Callable[[Any], Awaitable[T]], items: Sequence[object]
) -> tuple[float, list[T]]:
    """Call for every item, some at a time; return milliseconds an item, and the results."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(item: object) -> T:
        async with turns:
            return await call(item)

    started = time.perf_counter()
    results = await asyncio.gather(*map(one, items))
    return (time.perf_counter() - started) * 1000 / len(items), results


def _event(number: int, customer: int) -> Event:
    at = START + timedelta(seconds=number / 10)
    conversation = f"slack:A0123456789:D{customer:010}"
    author = Author(f"slack:T0123456789:U{customer:010}", "Ann", "en")
    identity = f"{conversation}:{at.timestamp():.6f}"
    return Received(Message(identity, conversation, author, QUESTION, at))


def _outcome(event: Event) -> EventOutcome:
    return EventOutcome(_decision(event.message.id), REPLY)


def _decision(message_id: str) -> Decision:
    return Decision(
        id=f"d:{message_id}",
        message_id=message_id,
        kind=DecisionKind.INTENT,
        intents=tuple(INTENTS),
        threshold=0.61,
        language="en",
        model_version="20260101T000000-4f1a0b2c9d3e",
        intents_hash="9c1e4f1a0b2c9d3e",
        milliseconds={"button_press": 0.0, "classify": 4.2, "answer_intent": 0.3},
        reasons=REASONS,
    )


def _store(connection: Connection, *, numbers: range) -> None:
    """Write what finished messages leave behind."""
    sent = [_event(number, number // PER_CONVERSATION).message for number in numbers]
    firsts = sent[::PER_CONVERSATION]
    _insert(connection, conversations, map(_conversation_row, firsts))
    _insert(connection, people, map(_person_row, firsts))
    _insert(connection, accepted, ({"event": each.id, "at": each.sent_at} for each in sent))
    _insert(connection, messages, itertools.chain.from_iterable(map(_turn_rows, sent)))
    _insert(connection, decisions, map(_decision_row, sent))


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    connection.execute(insert(table), list(rows))


def _conversation_row(message: Message) -> dict[str, Any]:
    at = message.sent_at
    return {"key": message.conversation, "started_at": at, "latest_at": at, "spoken": True}


def _person_row(message: Message) -> dict[str, Any]:
    return {"key": message.author.key, "locale": "en", "introduced_at": message.sent_at}


def _turn_rows(message: Message) -> list[dict[str, Any]]:
    turn = {
        "conversation": message.conversation,
        "event": message.id,
        "author": message.author.key,
        "at": message.sent_at,
    }
    return [
        {**turn, "role": "customer", "text": message.text},
        {**turn, "role": "bot", "text": REPLY},
    ]


def _decision_row(message: Message) -> dict[str, Any]:
    row = asdict(_decision(message.id)) | {
        "message": message.id,
        "conversation": message.conversation,
        "author": message.author.key,
        "at": message.sent_at,
    }
    del row["message_id"]
    return row


@asynccontextmanager
async def opened(backend: str, seed: int, stored: int) -> AsyncIterator[Bench]:
    """Open a database with its inbox."""
    async with (
        _url(backend) as url,
        await open_database(url) as database,
        open_inbox(database, SystemClock()) as inbox,
    ):
        chance = random.Random(seed)  # noqa: S311 - which customers write
        yield Bench(database, inbox, chance, stored)


@asynccontextmanager
async def _url(backend: str) -> AsyncIterator[str]:
    if backend == "postgres":
        async with postgres_schema() as url:
            yield url
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/frontdesk.db"


async def measure(options: argparse.Namespace) -> None:
    async with AsyncExitStack() as stack:
        benches = []
        for stored in sorted(options.stored):
            opening = opened(options.backend, options.seed, stored)
            benches.append(await stack.enter_async_context(opening))
            await benches[-1].fill()
        for _ in range(WARM_UP + ROUNDS):
            for bench in benches:
                await bench.round()
        report(options.backend, [bench.cost() for bench in benches])
        disk = await benches[-1].disk()
        print(f"bytes kept for a message and its answer: {disk.size:,}")
        print(f"bytes written for a message, from accepting to finishing: {disk.written:,}")


def report(backend: str, costs: Sequence[Cost]) -> None:
    """Print milliseconds, and how they grow."""
    print(f"{backend}, milliseconds a message")
    print(f"{'stored':>10} {'accept':>8} {'claim':>8} {'finish':>8}")
    for cost in costs:
        print(f"{cost.stored:>10,} {cost.accept:>8.2f} {cost.claim:>8.2f} {cost.finish:>8.2f}")
    first, last = costs[0], costs[-1]
    print(f"grown from {first.stored:,} to {last.stored:,} stored messages:")
    print(f"  accept: {last.accept / first.accept:.2f} x")
    print(f"  claim: {last.claim / first.claim:.2f} x")
    print(f"  finish: {last.finish / first.finish:.2f} x", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--stored", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000]
    )
    parser.add_argument("--seed", type=int, default=0)
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
