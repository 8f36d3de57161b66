"""Lines of staff in case threads: exactly the sent ones arrive, in order, once.

    python -m benchmarks.desk [--backend sqlite|postgres] [--lines 1000] [--kills 20]
                              [--part build|judge] [--seed 0]

Members of staff on a local Slack and a local Discord write lines of a list, edit and delete them,
use forms and the shortcut, for customers of both platforms; 5 % of the posts fail, for a while or
for good, and the desk is killed with -9. What was refused is sent again with Retry. At the end each
customer has read what the list says, and nothing else. The exit code tells.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from benchmarks.chaos import database_of
from benchmarks.desk_process import desk_of, staff_of
from benchmarks.desk_sides import OnDiscord, OnSlack, Side, names
from benchmarks.field.reading import PARTS, entries
from bot.conversations.key import ConversationKey
from bot.messages import Author, Message
from bot.staff.desk import Opening
from bot.staff.teams import Teams
from bot.storage import open_database
from bot.storage.cases import thread_of
from bot.storage.outbox import FAILED, OPEN
from bot.storage.tables import events, outbox
from tests.delivery.platform import ListAdapter
from tests.delivery.support import START
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT
from tests.servers.slack import SlackServer

CASES = 3
"""Cases of each team."""

FAILING = 0.05
"""Share of the posts that fail."""

NOTICED = 0.2
"""Seconds after which people notice a slip at the earliest."""

CAUGHT_UP = 1.5
"""Seconds after a start within which what was missed has been read."""

QUIET = 2.0
"""Seconds without anything left to do after which all is done."""


class Knowing(ListAdapter):
    """Names channels as the adapters do, while cases are opened."""

    def __init__(self, name: str, app: str) -> None:
        super().__init__()
        self.name = name
        self._app = app

    def place(self, channel: str) -> ConversationKey:
        """Return the key of a channel."""
        return ConversationKey(self.name, self._app, channel)

    async def name_of(self, person: str) -> str:
        """Return a name."""
        return person.rpartition(":")[2]


@dataclass(slots=True)
class Case:
    """A case that staff work on."""

    number: int
    platform: str
    thread: str
    sends: bool
    customer: str
    key: str = ""


@dataclass(slots=True)
class Written:
    """A line that staff wrote.

    Attributes:
        mark: Stands in it, and tells it from others; empty: it has none.
        line: What names it on its platform; None for a form.
    """

    item: Mapping[str, Any]
    case: Case
    mark: str
    line: Any


@dataclass(slots=True)
class Desk:
    """One run."""

    database: str
    slack: SlackServer
    discord: DiscordServer
    sides: dict[str, Side]
    channel: str
    chance: random.Random
    process: asyncio.subprocess.Process | None = None
    up: asyncio.Lock = field(default_factory=asyncio.Lock)
    written: list[Written] = field(default_factory=list)
    troubles: Counter[str] = field(default_factory=Counter)
    refused: set[str] = field(default_factory=set)
    late: set[str] = field(default_factory=set)

    async def start(self) -> None:
        """Start the process, and wait until both platforms know it."""
        sockets, identified = self.slack.sockets.connections_made, self.discord.gateway.identified
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.desk_process", self.database]
        command += [self.slack.api_url, self.discord.api_url, self.discord.gateway_url]
        self.process = await asyncio.create_subprocess_exec(*command, self.channel)
        while (
            self.slack.sockets.connections_made == sockets
            or self.discord.gateway.identified == identified
        ):
            if self.process.returncode is not None:
                raise SystemExit("the desk did not start; see above")
            await asyncio.sleep(0.02)

    async def stop(self, *, kill: bool) -> None:
        """End the process."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill() if kill else self.process.terminate()
            await self.process.wait()

    async def kill(self) -> None:
        """Kill the process with -9, while nobody waits for a form, and start it again."""
        async with self.up:
            self.troubles["kills"] += 1
            await self.stop(kill=True)
            await self.start()
            # what was written as it died comes again: the next line is written after that
            async with asyncio.timeout(120):
                await self.slack.sockets.settled()
            await asyncio.sleep(CAUGHT_UP)

    async def open_cases(self) -> list[Case]:
        """Open cases of customers on both platforms, for every team."""
        staff = staff_of(self.channel)
        adapters = {"slack": Knowing("slack", "A1"), "discord": Knowing("discord", str(BOT))}
        opened = []
        async with await open_database(self.database) as database:
            desk = desk_of(database, staff, adapters)
            for number, team in enumerate([*Teams(staff)] * CASES):
                side = self.sides[("slack", "discord")[(number // 4 + number) % 2]]
                place = side.customer(100 + number)
                key = ConversationKey.parse(place)
                author = Author(f"{key.platform}:T1:CUSTOMER{number}", f"Customer {number}", "en")
                first = Message(str(key.message(f"{number}")), place, author, "Help me", START)
                case = await desk.open(first, Opening("asked", team))
                again = Message(str(key.message(f"{number}b")), place, author, "Hello?", START)
                await desk.to_staff(again)
                platform = next(iter(team.channels))
                opened.append(Case(case.number, platform, "", team.sends, place))
        return opened

    async def threads(self, opened: list[Case]) -> None:
        """Wait until every case has its thread."""
        async with await open_database(self.database) as database, asyncio.timeout(120):
            for case in opened:
                while not case.thread:
                    case.thread = await database.query(partial(thread_of, case=case.number))
                    await asyncio.sleep(0.02)

    async def write(self, number: int, item: Mapping[str, Any], case: Case) -> None:
        """Let staff do what an entry says; its change follows."""
        mark = f"k{number}x"
        bare = not item["sent"] and len(item["line"].split()) <= 1
        text = item["line"] if bare else marked(item["line"], mark)
        side = self.sides[case.platform]
        self._trouble(case)
        async with self.up:
            line = await side.act(case.thread, dict(item), text)
            if (item.get("edit") is not None or item.get("delete")) and line is not None:
                await asyncio.sleep(NOTICED)
            if item.get("edit") is not None and line is not None:
                await side.change(line, marked(item["edit"], mark))
            if item.get("delete") and line is not None:
                await side.change(line, None)
        self.written.append(Written(item, case, "" if bare else mark, line))

    def _trouble(self, case: Case) -> None:
        if self.chance.random() >= FAILING:
            return
        customers = self.sides[case.customer.partition(":")[0]]
        kind = self.chance.choice(("refused", "500", "answer lost"))
        self.troubles[kind] += 1
        if kind == "refused":
            customers.refuse(case.customer)
        else:
            customers.stumble(after=kind == "answer lost")

    async def settled(self) -> None:
        """Wait until nothing is left to do, and send again what was refused."""
        deadline, since = time.monotonic() + 600, time.monotonic()
        async with await open_database(self.database) as database:
            while time.monotonic() < deadline and time.monotonic() - since < QUIET:
                if await database.query(_anything_left):
                    since = time.monotonic()
                elif pressed := sum([await each.retry() for each in self.sides.values()]):
                    self.troubles["retries"] += pressed
                    since = time.monotonic()
                elif again := await self._send_edited():
                    self.troubles["edited while the desk was away"] += again
                    since = time.monotonic()
                await asyncio.sleep(0.1)
            self.refused = await database.query(_refused)
            self.refused |= {each[1:-1] for each in self.late}

    async def _send_edited(self) -> int:
        """Send what was edited before it was read, and so was marked; return how many."""
        found = 0
        for each in self.written:
            side, was_edited = self.sides[each.case.platform], each.item.get("edit") is not None
            wanted = each.item["sent"] and was_edited and each.mark not in self.late
            if wanted and side.mark(each.line, each.mark) == "failed":
                self.late.add(each.mark)
                await side.send(each.line)
                found += 1
        return found


def marked(text: str, mark: str) -> str:
    """Return a line with its mark at the end.

    >>> marked("!send It left", "k7x")
    '!send It left k7x'
    """
    return f"{text}\n{mark}" if text.endswith("```") else f"{text} {mark}"


def _anything_left(connection: Connection) -> bool:
    waiting = select(outbox.c.id).where(outbox.c.state.in_(OPEN)).limit(1)
    return bool(connection.scalar(waiting) or connection.scalar(select(events.c.seq).limit(1)))


def _refused(connection: Connection) -> set[str]:
    """Return the marks of lines that were refused at first: these came late, by Retry."""
    query = select(outbox.c.payload).where(outbox.c.state == FAILED, outbox.c.kind == "post")
    said = [payload["markdown"] for payload in connection.scalars(query)]
    return {mark for text in said for mark in re.findall(r"k(\d+)x", text)}


@dataclass(slots=True)
class Found:
    """What went wrong, by the marks of the lines."""

    missing: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    marked_wrong: list[str] = field(default_factory=list)
    sent: int = 0
    inside: int = 0

    @property
    def is_right(self) -> bool:
        """Whether nothing went wrong."""
        wrong = (self.missing, self.repeated, self.leaked, self.otherwise)
        return not any((*wrong, self.disordered, self.marked_wrong))


def check(desk: Desk) -> Found:
    """Compare what customers read with what the list says."""
    found = Found()
    for customer in sorted({each.case.customer for each in desk.written}):
        side = desk.sides[customer.partition(":")[0]]
        posts = [(words(text), files) for text, files in side.read(customer)]
        lines = [each for each in desk.written if each.case.customer == customer]
        arrived = [n for text, _ in posts for n in re.findall(r"k(\d+)x", text)]
        arrived = [each for each in arrived if each not in desk.refused]
        in_list = [each.mark[1:-1] for each in lines if each.mark[1:-1] in arrived]
        # a post may name its mark twice: once in its blocks and once as its text
        arrived = [*dict.fromkeys(arrived)]
        if arrived != in_list:
            how = {each.mark[1:-1]: each.item["how"] for each in lines}
            found.disordered.append(f"{customer}: {_differing(arrived, in_list, how)}")
        for each in lines:
            _check(each, posts, desk.sides[each.case.platform], found)
    return found


def _differing(arrived: list[str], wanted: list[str], how: Mapping[str, str]) -> str:
    """Return the first place where two orders differ."""
    pairs = list(zip(arrived, wanted, strict=False))
    place = next((n for n, (one, other) in enumerate(pairs) if one != other), len(pairs))
    some = slice(max(0, place - 1), place + 4)
    named = [f"{each} {how.get(each, '')}" for each in arrived[some]]
    return f"{named} for {wanted[some]}"


def _check(each: Written, posts: list[tuple[str, str]], staff: Side, found: Found) -> None:
    item, name = each.item, f"{each.item['id']} {each.mark}"
    here = [(text, files) for text, files in posts if each.mark and each.mark in text]
    reads = str(item.get("customer_reads") or "")
    found.sent += bool(item["sent"])
    found.inside += not item["sent"]
    if not item["sent"]:
        found.leaked += [name] * bool(here)
        if each.line is not None and each.mark and staff.mark(each.line, each.mark) == "sent":
            found.marked_wrong.append(name)
        return
    if item.get("delete"):
        found.leaked += [name] * bool(here)
        return
    found.missing += [name] * (not here)
    found.repeated += [name] * (len(here) > 1)
    files = " ".join(files for _, files in posts)
    lost = [each for each in names(dict(item), each.mark) if each not in files]
    if here and (words(reads) not in here[0][0] or lost):
        found.otherwise.append(f"{name}: {here[0]}")
    if staff.mark(each.line, each.mark) != "sent":
        found.marked_wrong.append(name)


def words(text: str) -> str:
    """Return the words of a text, without what stands between them.

    >>> words("It **left**, k7x")
    'It left k7x'
    """
    return " ".join(re.findall(r"\w+", text))


def _mixed(
    list_of: list[Mapping[str, Any]], total: int, chance: random.Random
) -> Iterator[Mapping[str, Any]]:
    """Yield every entry in turn, in another order each time."""
    while total > 0:
        yield from chance.sample(list_of, len(list_of))[:total]
        total -= len(list_of)


async def play(database_url: str, options: argparse.Namespace) -> Desk:
    """Make a run."""
    chance = random.Random(options.seed)  # noqa: S311 - who writes what, and when
    async with SlackServer(retry_delays=[0.2] * 300) as slack, DiscordServer() as discord:
        channel = str(discord.world.text_channel("cases"))
        sides: dict[str, Side] = {"slack": OnSlack(slack), "discord": OnDiscord(discord, str(BOT))}
        desk = Desk(database_url, slack, discord, sides, channel, chance)
        opened = await desk.open_cases()
        try:
            await desk.start()
            await desk.threads(opened)
            await _work(desk, opened, options)
            await desk.settled()
        finally:
            await desk.stop(kill=False)
        return desk


async def _work(desk: Desk, opened: list[Case], options: argparse.Namespace) -> None:
    """Write the lines, and kill the desk among them."""
    items = entries(options.part, "staff_lines")
    at = sorted(desk.chance.sample(range(options.lines), min(options.kills, options.lines)))
    killing: list[asyncio.Task[None]] = []
    for number, item in enumerate(_mixed([*items], options.lines, desk.chance)):
        sends = item.get("thread") == "send"
        fitting = [c for c in opened if c.platform == item["platform"] and c.sends == sends]
        await desk.write(number, item, fitting[number % len(fitting)])
        await asyncio.sleep(desk.chance.expovariate(options.rate))
        if at and number >= at[0]:
            at.pop(0)
            killing.append(asyncio.create_task(desk.kill()))
    await asyncio.gather(*killing)


def report(desk: Desk, found: Found) -> bool:
    """Print the counts; tell whether all is right."""
    print(f"lines: {len(desk.written)}: {found.sent} to send, {found.inside} to keep inside")
    named = ", ".join(f"{count} {name}" for name, count in sorted(desk.troubles.items()))
    print(f"troubles: {named}")
    for name in ("missing", "repeated", "leaked", "otherwise", "disordered", "marked_wrong"):
        each = getattr(found, name)
        print(f"  {name}: {len(each)}{' ' + str(each[:10]) if each else ''}")
    sys.stdout.flush()
    return found.is_right


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--part", choices=PARTS, default="build")
    parser.add_argument("--lines", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rate", type=float, default=20.0, help="lines a second")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(arguments)


async def measure(options: argparse.Namespace) -> bool:
    """Run once, and print what came of it."""
    async with database_of(options.backend) as url:
        desk = await play(url, options)
        return report(desk, check(desk))


def main() -> None:
    sys.exit(0 if asyncio.run(measure(parsed())) else 1)


if __name__ == "__main__":
    main()
