"""A desk on Discord killed with -9: what Discord took is answered once, in order."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.end_to_end.conftest import until
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.world import BOT


class Desk:
    """A desk that can be killed and started again."""

    def __init__(self, discord: DiscordServer, folder: Path) -> None:
        self._discord = discord
        self._url = f"sqlite:///{folder / 'desk.db'}"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start; it has identified when this returns, and may not have caught up yet."""
        there = self._discord.gateway.identified + 1
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "ignore", "-m", "tests.end_to_end.discord_process"),
            *(self._url, self._discord.api_url, self._discord.gateway_url),
            stdout=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(60):
            await self._discord.gateway.until(identified=there)

    def freeze(self) -> None:
        """Let it read nothing more of what it is sent."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    async def kill(self) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        server.world.text_channel()
        yield server


@asynccontextmanager
async def desk(discord: DiscordServer, folder: Path) -> AsyncIterator[Desk]:
    made = Desk(discord, folder)
    await made.start()
    try:
        yield made
    finally:
        await made.kill()


def said(discord: DiscordServer) -> list[str]:
    """Return the lines that were answered: quick ones of a person share an answer."""
    posts = [post.message["content"].removeprefix("you said: ") for post in discord.world.posts]
    return [line for post in posts for line in post.splitlines()]


async def test_what_came_while_it_was_dead_or_dying_is_answered_once_in_order(
    discord: DiscordServer, tmp_path: Path
) -> None:
    world = discord.world
    async with desk(discord, tmp_path) as killed:
        for user in range(4):
            world.tell(user, f"{user} hello")
        await until(lambda: len(world.posts) == 4)
        killed.freeze()
        for number in range(3):  # handed to the socket of a process that stores nothing more
            for user in range(4):
                world.tell(user, f"{user} dying {number}")
        await killed.kill()
        for number in range(3):
            for user in range(4):
                world.tell(user, f"{user} dead {number}")
        await killed.start()
        for user in range(4):
            world.tell(user, f"{user} back")
        await until(lambda: len(said(discord)) >= 4 * 8)
    parts = ["hello", *(f"{state} {n}" for state in ("dying", "dead") for n in range(3)), "back"]
    for user in range(4):
        mine = [text for text in said(discord) if text.startswith(f"{user} ")]
        assert mine == [f"{user} {part}" for part in parts]


async def test_mentions_and_threads_go_on_after_a_kill(
    discord: DiscordServer, tmp_path: Path
) -> None:
    world = discord.world
    channel = next(iter(world.channels))
    async with desk(discord, tmp_path) as killed:
        thread = world.say(channel, 7, f"<@{BOT}> first")
        await until(lambda: len(world.posts) == 1)
        await killed.kill()
        world.say(thread, 7, "follow-up")
        world.say(channel, 7, "small talk")
        world.say(channel, 8, f"<@{BOT}> second")
        await killed.start()
        await until(lambda: len(world.posts) >= 3)
    assert sorted(said(discord)) == ["first", "follow-up", "second"]  # two conversations


async def test_killed_five_times_at_random_nothing_is_lost_or_answered_twice(
    discord: DiscordServer, tmp_path: Path
) -> None:
    world = discord.world
    chance = random.Random(20260106)  # noqa: S311 - moments to kill at, no secrets
    sent: defaultdict[int, list[str]] = defaultdict(list)

    def write(count: int) -> None:
        for _ in range(count):
            user = chance.randrange(10)
            sent[user].append(f"{user} {len(sent[user])}")
            written = world.tell(user, sent[user][-1])
            if chance.random() < 0.2:
                world.redeliver(written)

    async with desk(discord, tmp_path) as killed:
        for user in range(10):  # Discord does not list who has written: a desk must have heard it
            sent[user].append(f"{user} hello")
            world.tell(user, f"{user} hello")
        await until(lambda: len(world.posts) == 10)
        for _ in range(5):
            write(30)
            await asyncio.sleep(chance.uniform(0.0, 0.3))
            await killed.kill()
            write(10)
            await killed.start()
            write(10)
        total = sum(map(len, sent.values()))
        await until(lambda: len(said(discord)) >= total)
    assert Counter(said(discord)) == Counter(text for texts in sent.values() for text in texts)
    for user, texts in sent.items():
        assert [text for text in said(discord) if text.startswith(f"{user} ")] == texts


async def test_killed_between_posting_and_noting_it_posts_nothing_twice_however_late(
    discord: DiscordServer, tmp_path: Path
) -> None:
    world = discord.world
    async with desk(discord, tmp_path) as killed:
        # Discord takes the post, and the desk dies before it learns so.
        discord.faults.append(Fault("POST", r"/messages$", 0, after=True))
        world.tell(7, "first")
        await until(lambda: world.posts)
        world.tell(7, "second")
        await killed.kill()
        discord.clock.advance(301)
        await killed.start()
        await until(lambda: len(world.posts) >= 2)
        world.tell(7, "third")
        await until(lambda: len(world.posts) >= 3)
    assert said(discord) == ["first", "second", "third"]
    assert [post.repeated for post in world.posts] == [0, 0, 0]


async def test_what_was_asked_with_the_command_is_answered_once_whenever_it_is_killed(
    discord: DiscordServer, tmp_path: Path
) -> None:
    world = discord.world
    channel = next(iter(world.channels))
    chance = random.Random(20261129)  # noqa: S311 - moments to kill at, no secrets
    asked: dict[int, str] = {}

    def answers(question: str) -> Counter[str]:
        """Return where an answer is seen: in the place of the first response, or directly."""
        seen = f"you said: {question}"
        used = next(number for number, each in asked.items() if each == question)
        edits = {edit["content"] for edit in world.interactions[used].edits}
        posts = [post for post in world.posts if post.message["content"] == seen]
        return Counter(edited=len(edits & {seen}), direct=len(posts))

    def is_settled() -> bool:
        taken = [each for number, each in asked.items() if world.interactions[number].responses]
        return all(answers(question).total() for question in taken)

    async with desk(discord, tmp_path) as killed:
        await until(lambda: world.commands)
        for _ in range(4):
            for _ in range(10):
                user, number = chance.randrange(5), len(asked)
                asked[world.ask(channel, user, f"question {number}.")] = f"question {number}."
            await asyncio.sleep(chance.uniform(0.0, 0.15))
            await killed.kill()
            await killed.start()
        await until(is_settled)
    assert len([each for each in world.interactions.values() if each.responses]) > 5
    assert {answers(question).total() for question in asked.values()} <= {0, 1}
