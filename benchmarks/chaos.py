"""Chaos: everything that platforms, networks and machines do, at once.

    python -m benchmarks.chaos [--events 3000] [--backend sqlite|postgres] [--kills 8] [--seed 0]

Customers write, edit and delete on a local Slack and a local Discord; events come twice and out
of order; connections break; posts are refused with 429 and 500, or taken and their answer lost; the
desk is killed with -9. On PostgreSQL two desks share the work. At the end one complete answer
must cover each question that still stands, and none those that were withdrawn. Prints the counts;
the exit code tells. docs/benchmarks.md explains the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import select

from benchmarks.chaos_customers import Count, Customers, OnDiscord, OnSlack, Place, count
from bot.storage import open_database
from bot.storage.tables import dead_letters, events
from tests.databases import postgres_schema
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault as DiscordFault
from tests.servers.slack import SlackServer
from tests.servers.slack.faults import Fault as SlackFault

QUIET = 4.0
"""Seconds without anything left to do after which all is done."""

PATIENCE = 400.0
"""Seconds after the last event within which all is done: beyond the longest delay of a retry."""

_POSTS = r"/channels/\d+/messages"


@dataclass(slots=True)
class Desks:
    """The processes that serve."""

    database: str
    slack: SlackServer
    discord: DiscordServer
    running: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def open(self) -> None:
        """Start one, and wait until both platforms know it."""
        sockets, identified = self.slack.sockets.connections_made, self.discord.gateway.identified
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.chaos_desk", self.database]
        command += [self.slack.api_url, self.discord.api_url, self.discord.gateway_url]
        process = await asyncio.create_subprocess_exec(*command)
        self.running.append(process)
        while (
            self.slack.sockets.connections_made == sockets
            or self.discord.gateway.identified == identified
        ):
            if process.returncode is not None:
                raise SystemExit("a desk did not start; see above")
            await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """Kill the oldest with -9, and start another."""
        process = self.running.pop(0)
        process.kill()
        await process.wait()
        await self.open()

    async def recovering(self) -> bool:
        """Return whether something waits that an earlier kill has interrupted."""
        async with await open_database(self.database) as database, database.read() as connection:
            waiting = select(events.c.id).where(events.c.interrupted > 0).limit(1)
            return await connection.scalar(waiting) is not None

    async def close(self) -> None:
        """Stop all."""
        for process in self.running:
            if process.returncode is None:
                process.terminate()
        for process in self.running:
            await process.wait()


@dataclass(slots=True)
class Chaos:
    """One run.

    Attributes:
        troubles: What went wrong on purpose, by what it was.
    """

    customers: Customers
    desks: Desks
    chance: random.Random
    troubles: Counter[str] = field(default_factory=Counter)

    async def run(self, total: int, kills: int, rate: float) -> None:
        """Send events at a rate, and make trouble among them."""
        for place in self.customers.places:
            self.customers.greet(place)
        killing = asyncio.create_task(self._kill(total, kills))
        while self.customers.sent.total() < total:
            self.customers.act()
            if self.chance.random() < 0.06:
                await self._trouble()
            await asyncio.sleep(self.chance.expovariate(rate))
        await killing

    async def _kill(self, total: int, kills: int) -> None:
        """Kill desks, each time once so many events were sent.

        A message that was alone in hand when its worker died twice is set aside on purpose, so a
        kill waits until what the last one interrupted is answered.
        """
        for number in range(kills):
            while self.customers.sent.total() < total * (number + 0.7) / (kills + 0.7):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            await asyncio.sleep(self.chance.uniform(0.0, 0.3))
            while await self.desks.recovering():  # noqa: ASYNC110 - a database tells nobody
                await asyncio.sleep(0.2)
            self.troubles["kills"] += 1
            await self.desks.kill()

    async def _trouble(self) -> None:
        """Let something go wrong."""
        name = self.chance.choice([*TROUBLES])
        self.troubles[name] += 1
        made = TROUBLES[name](self)
        if made is not None:
            await made

    def fail_on_slack(self, fault: SlackFault) -> None:
        """Let the next call of some method fail."""
        method = self.chance.choice(("chat.postMessage", "chat.update", "chat.delete"))
        if not self.desks.slack.faults.waiting(method):
            self.desks.slack.faults.order(method, fault)

    def fail_on_discord(self, status: int, *, after: bool = False) -> None:
        """Let the next request of some kind fail."""
        method = self.chance.choice(("POST", "PATCH", "DELETE"))
        path = "$" if method == "POST" else r"/\d+$"
        if not any(each.times for each in self.desks.discord.faults):
            fault = DiscordFault(method, f"{_POSTS}{path}", status, after=after)
            self.desks.discord.faults.append(fault)


Trouble = Callable[[Chaos], "Awaitable[None] | None"]

TROUBLES: dict[str, Trouble] = {
    "500 on Slack": lambda it: it.fail_on_slack(SlackFault(status=500)),
    "429 on Slack": lambda it: it.fail_on_slack(SlackFault(retry_after=1)),
    "answers lost on Slack": lambda it: it.fail_on_slack(SlackFault(lose_answer=True)),
    "500 on Discord": lambda it: it.fail_on_discord(500),
    "429 on Discord": lambda it: it.fail_on_discord(429),
    "answers lost on Discord": lambda it: it.fail_on_discord(500, after=True),
    "reconnects of Slack": lambda it: it.desks.slack.sockets.disconnect("refresh_requested"),
    "broken connections to Slack": lambda it: it.desks.slack.sockets.drop(),
    "reconnects of Discord": lambda it: it.desks.discord.gateway.ask_to_reconnect(),
    "broken connections to Discord": lambda it: it.desks.discord.gateway.drop(4000),
}
"""What goes wrong on purpose."""


async def settled(database_url: str) -> int:
    """Wait until nothing is left to do; return how many events were given up."""
    deadline, since = time.monotonic() + PATIENCE, time.monotonic()
    async with await open_database(database_url) as database:
        while time.monotonic() < deadline and time.monotonic() - since < QUIET:
            async with database.read() as connection:
                if await connection.scalar(select(events.c.id).limit(1)) is not None:
                    since = time.monotonic()
            await asyncio.sleep(0.1)
        async with database.read() as connection:
            return len((await connection.execute(select(dead_letters.c.id))).all())


async def play(database_url: str, options: argparse.Namespace) -> tuple[Chaos, Count, int]:
    """Make a run; return what came of it, and how many events were given up."""
    chance = random.Random(options.seed)  # noqa: S311 - who does what, and when
    async with SlackServer(retry_delays=[0.2] * 300) as slack, DiscordServer() as discord:
        discord.world.text_channel()
        desks = Desks(database_url, slack, discord)
        here, there = OnSlack(slack, chance), OnDiscord(discord)
        places = [Place((here, there)[n % 2], n // 2) for n in range(options.conversations)]
        chaos = Chaos(Customers(places, chance), desks, chance)
        try:
            for _ in range(options.desks):
                await desks.open()
            # what is written before the very first start is never caught up with
            while not discord.world.commands:  # noqa: ASYNC110 - registered once it is ready
                await asyncio.sleep(0.05)
            await chaos.run(options.events, options.kills, options.rate)
            slack.faults.clear()
            discord.faults.clear()
            await here.settled()
            given_up = await settled(database_url)
        finally:
            await desks.close()
        return chaos, count(chaos.customers), given_up


@asynccontextmanager
async def database_of(backend: str) -> AsyncIterator[str]:
    """Yield the address of an empty database."""
    if backend == "postgres":
        async with postgres_schema() as url:
            yield url
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/frontdesk.db"


def report(chaos: Chaos, found: Count, given_up: int) -> bool:
    """Print the counts; tell whether all is right."""
    print(f"events: {chaos.customers.sent.total()}: {_named(chaos.customers.sent)}")
    print(f"troubles: {chaos.troubles.total()}: {_named(chaos.troubles)}")
    print(f"questions that stand: {found.standing}, withdrawn: {found.withdrawn}")
    for name in ("missing", "repeated", "outdated", "left"):
        numbers = getattr(found, name)
        print(f"  {name}: {len(numbers)}{' ' + str(numbers[:20]) if numbers else ''}")
    print(f"  partial: {found.partial}")
    print(f"  given up: {given_up}", flush=True)
    return found.is_right and not given_up


def _named(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--events", type=int, default=3_000)
    parser.add_argument("--conversations", type=int, default=120)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--rate", type=float, default=40.0, help="events a second")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    options.desks = 2 if options.backend == "postgres" else 1
    return options


async def measure(options: argparse.Namespace) -> bool:
    """Run once, and print what came of it."""
    async with database_of(options.backend) as url:
        return report(*await play(url, options))


def main() -> None:
    sys.exit(0 if asyncio.run(measure(parsed())) else 1)


if __name__ == "__main__":
    main()
