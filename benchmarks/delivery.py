"""Reliability and speed of delivery: lost, dead-lettered, reordered and duplicate answers; latency.

    python -m benchmarks.delivery --backend sqlite|postgres [--kills 20]

A local Slack server, customers in many conversations, a part of their messages delivered twice,
posts that Slack refuses or whose answer is lost, and the desk killed with -9 at random moments,
while it takes messages in and while it answers. On
PostgreSQL two desks share the work, and one of them never comes back. Then the same desk unkilled,
for throughput and latency; and one without the protections, to show that the counts can be other
than zero. docs/benchmarks.md explains the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from benchmarks.delivery_customers import SimulatedCustomers
from bot.config.schema import Config
from bot.delivery.retry import LONGEST_DELAY
from bot.publishing.train import train_everything
from bot.storage import open_database
from bot.storage.tables import dead_letters, events
from tests.databases import postgres_schema
from tests.servers.slack import SlackServer
from tests.servers.slack.faults import Fault

TROUBLES = (Fault(status=503), Fault(lose_answer=True))
"""What Slack does to posts now and then: it refuses one, or takes one and loses the answer."""

PATIENCE = LONGEST_DELAY + 40.0
"""Seconds without any new answer after which what waits is left: what failed is tried again within
`LONGEST_DELAY`, and a dead worker's events are taken over within 30."""

LULL = 40.0
"""Seconds without any new answer after which the next kill comes all the same."""


@dataclass(frozen=True, slots=True)
class Left:
    """What the database still has.

    Attributes:
        waiting: Messages that are to be answered yet, by id, with what is known of each.
        set_aside: Messages that were given up and are kept for staff, with the reason.
    """

    waiting: dict[str, str]
    set_aside: dict[str, str]


def left(connection: Connection) -> Left:
    """Read what waits and what was given up."""
    waiting = {
        row.id: f"attempt {row.attempt}, due at {row.due_at:%H:%M:%S}: {row.reason or 'waits'}"
        for row in connection.execute(select(events))
    }
    letters = select(dead_letters.c.id, dead_letters.c.reason)
    return Left(waiting, {row.id: row.reason for row in connection.execute(letters)})


@dataclass(slots=True)
class WorkerProcesses:
    """The processes that answer."""

    command: Sequence[str]
    database: str
    server: SlackServer
    running: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def open(self) -> None:
        """Start one, and wait until it is connected."""
        made = self.server.sockets.connections_made
        process = await asyncio.create_subprocess_exec(*self.command)
        self.running.append(process)
        while self.server.sockets.connections_made == made:
            if process.returncode is not None:
                raise SystemExit("a desk did not start; see above")
            await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """Kill the oldest with -9."""
        process = self.running.pop(0)
        process.kill()
        await process.wait()

    async def close(self) -> None:
        """Ask all to stop."""
        for process in self.running:
            if process.returncode is None:
                process.terminate()
        for process in self.running:
            await process.wait()

    async def left(self) -> Left:
        """Look into the database for what has no answer."""
        async with await open_database(self.database) as database:
            return await database.query(left)

    def cpu_seconds(self) -> float:
        """Return the processor time that they have used."""
        ticks = 0
        for process in self.running:
            fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Bench:
    """One run after the other, each on an empty database and a fresh Slack."""

    options: argparse.Namespace
    model: Path

    @asynccontextmanager
    async def run(
        self, desks: int, *, protected: bool = True
    ) -> AsyncIterator[tuple[SimulatedCustomers, WorkerProcesses]]:
        """Open everything for one run."""
        async with self._database() as url, SlackServer(retry_delays=[0.2] * 60) as server:
            command = [sys.executable, "-m", "benchmarks.delivery_worker"]
            command += ["--database", url, "--slack", server.api_url, "--model", str(self.model)]
            running = WorkerProcesses(command + ["--unprotected"] * (not protected), url, server)
            chance = random.Random(self.options.seed)  # noqa: S311 - moments and sentences
            patience = PATIENCE if protected else 5.0  # what is lost then is in no database
            street = SimulatedCustomers(server, chance, self.options.duplicates, patience)
            try:
                for _ in range(desks):
                    await running.open()
                yield street, running
            finally:
                await running.close()

    @asynccontextmanager
    async def _database(self) -> AsyncIterator[str]:
        if self.options.backend == "postgres":
            async with postgres_schema() as url:
                yield url
        else:
            with tempfile.TemporaryDirectory() as folder:
                yield f"sqlite:///{folder}/frontdesk.db"

    async def killed(self, *, protected: bool) -> None:
        """Kill desks while customers write; print what was lost."""
        two = self.options.backend == "postgres" and protected
        async with self.run(2 if two else 1, protected=protected) as (street, desks):
            # Without protections few conversations, so that neighbours meet in a worker's hands.
            conversations = self.options.conversations if protected else 20
            writing = asyncio.create_task(street.write(self.options.messages, conversations))
            trouble = asyncio.create_task(make_trouble(street))
            for number in range(self.options.kills):
                await self._moment(street, number)
                await desks.kill()
                if not (two and number == 0):  # of two, the first never comes back
                    await desks.open()
            await writing
            trouble.cancel()
            street.server.faults.clear()
            await settled(street)
            count, kept = street.count(), await desks.left()
        print(f"  set_aside: {len(kept.set_aside)}")
        print(f"  waiting: {len(kept.waiting)}")
        print(f"  lost: {len(count.unanswered - kept.waiting.keys() - kept.set_aside.keys())}")
        for message, about in (kept.set_aside | kept.waiting).items():
            print(f"    {message}: {about}")
        print(f"  out_of_order: {count.out_of_order}")
        print(f"  answered_twice: {count.answered_twice}", flush=True)

    async def _moment(self, street: SimulatedCustomers, number: int) -> None:
        """Wait until a random share of the answers is there."""
        kills = self.options.kills
        share = (number + street.chance.uniform(0.2, 0.9)) / (kills + 1)
        target = share * self.options.messages
        answered, since = -1, time.monotonic()
        while len(street.written_at) < target or answered < target / 2:
            await asyncio.sleep(0.05)
            if answered != len(street.answers()):
                answered, since = len(street.answers()), time.monotonic()
            elif time.monotonic() - since > min(street.patience, LULL):
                break
        await asyncio.sleep(street.chance.uniform(0.0, 0.3))

    async def timed(self) -> None:
        """Measure without kills."""
        async with self.run(2 if self.options.backend == "postgres" else 1) as (street, desks):
            await self._warm_up(street)
            await self._burst(street)
            await self._throughput(street)
            await self._latency(street)
            before, started = desks.cpu_seconds(), time.monotonic()
            await asyncio.sleep(10)
            idle = (desks.cpu_seconds() - before) / (time.monotonic() - started)
            print(f"  idle CPU: {idle:.1%}", flush=True)

    async def _warm_up(self, street: SimulatedCustomers) -> None:
        """Write enough that connections are open and statements prepared, as in a running desk."""
        await street.write(100, 100)
        await settled(street)
        street.acknowledged.clear()

    async def _burst(self, street: SimulatedCustomers) -> None:
        """500 messages at the same moment."""
        await street.write(500, 500)
        print(f"  accept under burst of 500: {spread(street.acknowledged)}", flush=True)
        await settled(street)

    async def _throughput(self, street: SimulatedCustomers) -> None:
        done = len(set(street.answers()))
        started = time.monotonic()
        await street.write(self.options.messages, self.options.conversations)
        await settled(street)
        rate = (len(set(street.answers())) - done) / (time.monotonic() - started)
        print(f"  throughput: {rate:.0f} messages/s", flush=True)

    async def _latency(self, street: SimulatedCustomers) -> None:
        """Ten messages a second, one at a time: from writing to the answer."""
        waits = []
        for number in range(100):
            place = f"D{number}"
            street.duplicates = 0.0
            await street.write_one(place)
            started = street.written_at[street.sent[place][-1]]
            while street.unanswered():  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.002)
            waits.append(time.monotonic() - started)
            await asyncio.sleep(0.05)
        print(f"  from message to answer, unloaded: {spread(waits)}", flush=True)


async def make_trouble(street: SimulatedCustomers) -> None:
    """Let a post fail every now and then, in turns; none is kept for later while nobody posts."""
    for trouble in itertools.cycle(TROUBLES):
        await asyncio.sleep(street.chance.uniform(0.05, 0.3))
        if not street.server.faults.waiting("chat.postMessage"):
            street.server.faults.order("chat.postMessage", trouble)


async def settled(street: SimulatedCustomers) -> None:
    """Wait until everything is answered, or nothing more is to be expected."""
    answered, since = -1, time.monotonic()
    while street.unanswered():
        now = len(street.answers())
        if now != answered:
            answered, since = now, time.monotonic()
        elif time.monotonic() - since > street.patience:
            return
        await asyncio.sleep(0.05)


def spread(seconds: Sequence[float]) -> str:
    """Render the middle and the tail of durations."""
    ordered = sorted(seconds)
    middle, tail = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"p50 {middle * 1000:.0f} ms, p99 {tail * 1000:.0f} ms"


async def measure(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        print("training on the shipped intents", flush=True)
        await asyncio.to_thread(train_everything, Config(intents=Path("intents"), model=model))
        bench = Bench(options, model)
        print(f"{options.backend}, killed {options.kills} times:", flush=True)
        await bench.killed(protected=True)
        if not options.counts_only:
            print(f"{options.backend}, left alone:", flush=True)
            await bench.timed()
        print("without the protections:", flush=True)
        await bench.killed(protected=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--messages", type=int, default=5_000)
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--duplicates", type=float, default=0.2)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--counts-only", action="store_true", help="no timing")
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
