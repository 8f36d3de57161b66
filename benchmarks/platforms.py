"""How long customers wait on Slack and Discord, and whether streams keep to the limits.

    python -m benchmarks.platforms [--seconds 20] [--rate 20] [--streams 50] [--part NAME]

The product (`frontdesk serve`) runs in a process of its own, on the shipped intents and an article;
this process plays the platforms and their customers, on the same cores. Measured is from the event
that a platform sends to the first text that it has:

- intents: so many questions a second, spread over 40 channels, first in direct messages on Slack,
  then as mentions in channels on Slack, then on Discord;
- gpt: a model that chooses sentences and takes its time (`gpt.answers: select`), and one that
  writes them before a judge that answers at once (`rephrase`): from its first choice or sentence
  to the first text of the answer;
- streams: many such answers at once: the most calls of a method within a minute, and whether each
  answer stands whole.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml

from benchmarks.platforms_model import ChoosingModel
from bot.config.schema import Config
from bot.publishing.train import train_everything
from tests.servers.discord import TOKEN, DiscordServer
from tests.servers.discord.payloads import Json
from tests.servers.discord.world import BOT
from tests.servers.slack import Post, SlackServer
from tests.servers.slack.workspace import Channel

CHANNELS = 40
PAUSE = 0.02
QUESTIONS = ("where is my order?", "how do I return boots?", "what does delivery to Germany cost?")
GPT_QUESTION = "how much does it cost to rent a tent for two people per day in week {number}"
ARTICLE = """\
# Tent rental

## Price

Renting a tent for two people costs 9 euro per day. Renting a tent for four people costs 14 euro.
Renting a tent for six people costs 19 euro per day. Renting a tent for eight costs 24 euro.
"""
LIMITS = {
    "chat.startStream": 20,
    "chat.stopStream": 20,
    "chat.appendStream": 100,
    "chat.update": 50,
}
"""Calls a minute that Slack takes of each method, as it documents its tiers."""

ENVIRONMENT = {
    "SLACK_BOT_TOKEN": "xoxb-1-valid",
    "SLACK_APP_TOKEN": "xapp-1-valid",
    "DISCORD_BOT_TOKEN": TOKEN,
}


class TimedCalls(list[tuple[str, dict[str, Any]]]):
    """The calls of Slack's Web API, with the moment of each."""

    def __init__(self, moments: defaultdict[str, list[float]]) -> None:
        super().__init__()
        self._moments = moments

    def append(self, call: tuple[str, dict[str, Any]]) -> None:
        """Note when a method was called."""
        self._moments[call[0]].append(time.monotonic())


class Platforms:
    """The local platforms, and when their customers asked and were answered.

    Attributes:
        asked: When each question was sent, by its id on the platform.
        shown: When the first text of its answer stood.
    """

    def __init__(self, slack: SlackServer, discord: DiscordServer) -> None:
        self.slack, self.discord = slack, discord
        self.asked: dict[str, float] = {}
        self.shown: dict[str, float] = {}
        self.calls: defaultdict[str, list[float]] = defaultdict(list)
        self.channels = [discord.world.text_channel(f"help-{n}") for n in range(CHANNELS)]
        self._watch()

    def direct(self, number: int, text: str) -> None:
        """Ask in a direct message on Slack."""
        self._ask(lambda: self.slack.say(text, user=f"U{number}", channel=f"D{number}").ts)

    def mention(self, number: int, text: str) -> None:
        """Ask in a channel on Slack."""
        channel = f"CB{number % CHANNELS}"
        said = f"<@{self.slack.workspace.bot_user}> {text}"
        self._ask(lambda: self.slack.say(said, user=f"U{number}", channel=channel).ts)

    def mention_on_discord(self, number: int, text: str) -> None:
        """Ask in a channel on Discord."""
        channel = self.channels[number % CHANNELS]
        self._ask(lambda: str(self.discord.world.say(channel, 1000 + number, f"<@{BOT}> {text}")))

    def waits(self) -> list[float]:
        """Return the seconds from each question to the first text of its answer."""
        return [
            self.shown[each] - asked for each, asked in self.asked.items() if each in self.shown
        ]

    def forget(self) -> None:
        """Begin the next part."""
        self.asked.clear()
        self.shown.clear()
        self.calls.clear()

    async def answered(self, seconds: float = 60.0) -> None:
        """Wait until every question has the first text of its answer."""
        for _ in range(int(seconds / PAUSE)):
            if len(self.waits()) == len(self.asked):
                return
            await asyncio.sleep(PAUSE)

    def _ask(self, ask: Callable[[], str]) -> None:
        asked = time.monotonic()
        self.asked[ask()] = asked

    def _watch(self) -> None:
        """Note when text first stands, and when each method is called."""
        workspace, world = self.slack.workspace, self.discord.world
        add, post = workspace.add, world.post

        def added(message: Post) -> Post:
            if message.user == workspace.bot_user:
                payload = message.metadata.get("event_payload", {}).get("message", "")
                asked = message.thread_ts or payload.rpartition(":")[2]
                self.shown.setdefault(asked, time.monotonic())
            return add(message)

        def posted(channel: int, request: Json) -> Json:
            self.shown.setdefault(str(channel), time.monotonic())
            return post(channel, request)

        workspace.add, world.post = added, posted  # type: ignore[method-assign,assignment]
        self.slack.api.calls = TimedCalls(self.calls)


@asynccontextmanager
async def served(
    model: Path, folder: Path, gpt: ChoosingModel | None, **settings: str
) -> AsyncIterator[Platforms]:
    """Run the bot in its own process, on both platforms.

    Args:
        model: What was learned.
        folder: Its intents; takes the database.
        gpt: The model; None: intents alone answer.
        settings: Further keys of `gpt:`.
    """
    async with SlackServer() as slack, DiscordServer() as discord:
        platforms = Platforms(slack, discord)
        for number in range(CHANNELS):
            slack.workspace.channels[f"CB{number}"] = Channel(f"CB{number}")
        config = {
            "model": str(model),
            "intents": str(folder / "intents"),
            "database": f"sqlite:///{folder}/frontdesk.db",
            "responder": {"introduction": False},
            "serve": {"publish": "manual", "port": 0, "concurrency": 128 if gpt else 16},
            "slack": {"api_url": slack.api_url},
            "discord": {"api_url": discord.api_url, "gateway_url": discord.gateway_url},
        }
        if gpt is not None:
            config["gpt"] = {"base_url": gpt.url, **settings}
        path = folder / "config.yaml"
        path.write_text(yaml.safe_dump(config), "utf-8")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli", "serve", "--config", str(path),
            env={**os.environ, **ENVIRONMENT}, stdout=asyncio.subprocess.DEVNULL,
            stderr=(folder / "log").open("w"),
        )  # fmt: skip
        try:
            await discord.gateway.until(identified=1)
            while not slack.sockets.sockets:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
            for number in range(10):  # connections open, statements prepared
                platforms.direct(number, QUESTIONS[0])
                platforms.mention_on_discord(number, QUESTIONS[0])
            await platforms.answered()
            platforms.forget()
            yield platforms
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()


async def intents(model: Path, folder: Path, seconds: float, rate: float) -> None:
    """Print how long answers of intents take."""
    async with served(model, folder, None) as platforms:
        parts = {
            "Slack, direct message": platforms.direct,
            "Slack, channel": platforms.mention,
            "Discord, channel": platforms.mention_on_discord,
        }
        for name, ask in parts.items():
            began = time.monotonic()
            for number in range(int(seconds * rate)):
                await asyncio.sleep(max(began + number / rate - time.monotonic(), 0.0))
                ask(number, QUESTIONS[number % len(QUESTIONS)])
            await platforms.answered()
            print(f"  {name}: {spread(platforms.waits())}, {left(platforms)}", flush=True)
            platforms.forget()


async def gpt(model: Path, folder: Path, **settings: str) -> None:
    """Print how long after a model's first choice or sentence its first text stands."""
    chosen = "sentence" if settings else "choice"
    async with (
        ChoosingModel(pause=1.5).running() as chooser,
        served(model, folder, chooser, **settings) as here,
    ):
        parts = {
            "Slack, direct message": here.direct,
            "Slack, channel": here.mention,
            "Discord, channel": here.mention_on_discord,
        }
        numbers = itertools.count()
        for name, ask in parts.items():
            waits = []
            for _ in range(10):
                number = next(numbers)
                ask(number, GPT_QUESTION.format(number=number))
                await here.answered()
                waits += [shown - chooser.first_choice[number] for shown in here.shown.values()]
                here.forget()
            await chooser.idle()
            print(f"  {name}, after the first {chosen}: {spread(waits)}", flush=True)


async def streams(model: Path, folder: Path, count: int) -> None:
    """Print the most calls of a method within a minute while many answers are shown."""
    async with (
        ChoosingModel(pause=2.0).running() as chooser,
        served(model, folder, chooser) as here,
    ):
        numbers = itertools.count()
        for name, ask in {"direct messages": here.direct, "threads": here.mention}.items():
            posts_before = len(here.slack.workspace.posts)
            for _ in range(count):
                number = next(numbers)
                ask(number, GPT_QUESTION.format(number=number))
            await here.answered()
            first = spread(here.waits())
            await chooser.idle()
            await asyncio.sleep(30)
            posts = here.slack.workspace.posts[posts_before:]
            whole = Counter(post.markdown for post in posts)
            print(f"  {count} at once in {name}: first text {first}, {left(here)}")
            print(f"    posts: {len(posts)}, still streaming: {sum(p.streaming for p in posts)}")
            print(f"    texts that differ: {len(whole)}")
            for method, limit in LIMITS.items():
                most = most_within(here.calls[method], 60.0)
                print(f"    {method}: {most} within a minute, Slack takes {limit}", flush=True)
            here.forget()
            await asyncio.sleep(35)


def left(platforms: Platforms) -> str:
    """Return how many questions have no answer."""
    return f"{len(platforms.asked)} asked, {len(platforms.asked) - len(platforms.waits())} open"


def most_within(calls: Sequence[float], window: float) -> int:
    """Return the most calls within any window of some seconds."""
    return max(
        (sum(start <= each < start + window for each in calls) for start in calls), default=0
    )


def spread(seconds: Sequence[float]) -> str:
    """Return the middle and the tail of durations."""
    if not seconds:
        return "no answer"
    ordered = sorted(seconds)
    middle, tail = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"p50 {middle * 1000:.0f} ms, p99 {tail * 1000:.0f} ms"


def taught(folder: Path) -> Path:
    """Train on the shipped intents and an article; return the folder of the model."""
    intents, model = folder / "intents", folder / "model"
    (intents / "knowledge").mkdir(parents=True)
    for file in Path("intents").glob("*.yaml"):
        (intents / file.name).write_bytes(file.read_bytes())
    (intents / "knowledge" / "rental.md").write_text(ARTICLE, "utf-8")
    train_everything(Config(intents=intents, model=model))
    return model


async def measure(options: argparse.Namespace) -> None:
    """Train once, then run the parts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("training on the shipped intents", flush=True)
        model = await asyncio.to_thread(taught, folder)
        if options.part in (None, "intents"):
            print(f"intents only, {options.rate:g} questions a second:", flush=True)
            await intents(model, folder, options.seconds, options.rate)
        if options.part in (None, "gpt"):
            print("a model that chooses:", flush=True)
            await gpt(model, folder)
            await gpt(model, folder, answers="rephrase", judge="judge-1")
        if options.part in (None, "streams"):
            print("many answers at once:", flush=True)
            await streams(model, folder, options.streams)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--rate", type=float, default=20.0)
    parser.add_argument("--streams", type=int, default=50)
    parser.add_argument("--part", choices=("intents", "gpt", "streams"))
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
