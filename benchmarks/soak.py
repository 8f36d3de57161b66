"""Soak test: memory, errors and latency of a long run.

    python -m benchmarks.soak [--minutes 10] [--rate 20] [--database postgresql://... --workers 2]

The real `frontdesk serve` in a process of its own, against a local Slack: customers write at a
steady rate, and each minute a new version of the model takes the place of the old one on the disk.
With workers `serve` only takes messages in, and so many `frontdesk worker` answer.
The exit code tells whether memory grew by less than 5 % after the warm-up, without any error.
docs/scale.md goes on from these figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any

import aiohttp

from benchmarks.delivery_customers import QUESTIONS
from bot.config.schema import Config
from bot.publishing.train import train_everything
from bot.understanding.model.registry import ModelRegistry, read_manifest
from tests.servers.slack import SlackServer

CUSTOMERS = 400
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-valid", "SLACK_APP_TOKEN": "xapp-1-valid"}
WARM_UP = 0.3
"""Share of the run that memory is not judged by."""

MOST_GROWTH = 0.05
INTENTS = Path(__file__).parent.parent / "intents"


@dataclass(slots=True)
class Desk:
    """A running `frontdesk serve` or `frontdesk worker`.

    Attributes:
        sizes: Bytes that it had in memory, second by second.
        faults: Lines of its log that tell of something wrong, by their event.
    """

    command: str
    process: asyncio.subprocess.Process
    port: int
    sizes: list[int] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    async def read_log(self) -> None:
        """Count what is wrong, until the process ends."""
        assert self.process.stderr is not None  # noqa: S101 - tells the type
        async for line in self.process.stderr:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if entry["level"] in {"warning", "error", "critical"}:
                self.faults[f"{entry['level']}: {entry['event']}"] += 1

    def measure_memory(self) -> None:
        """Note how many bytes it has in memory."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1])
        self.sizes.append(pages * os.sysconf("SC_PAGE_SIZE"))

    def growth(self) -> float:
        """Return how much memory grew from just after the warm-up to the end."""
        judged = self.sizes[int(len(self.sizes) * WARM_UP) :]
        window = max(1, len(judged) // 10)
        return mean(judged[-window:]) / mean(judged[:window]) - 1

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def written(self) -> int:
        """Return the bytes that it has written to the disk."""
        io = Path(f"/proc/{self.process.pid}/io").read_text("ascii")
        return int(dict(line.split(": ") for line in io.splitlines())["write_bytes"])

    async def ready(self) -> dict[str, Any]:
        """Wait until it is ready; return what it says of its model."""
        async with aiohttp.ClientSession() as session:
            while True:
                with suppress(aiohttp.ClientConnectionError):
                    async with session.get(f"http://127.0.0.1:{self.port}/readyz") as response:
                        answer = await response.json()
                        if answer["ready"]:
                            return dict(answer["model"])
                await asyncio.sleep(0.1)


@dataclass(slots=True)
class Run:
    """What is seen from outside while customers write."""

    slack: SlackServer
    desks: Sequence[Desk]
    written_at: dict[str, float] = field(default_factory=dict)
    waited: dict[str, float] = field(default_factory=dict)
    twice: int = 0
    served: set[str] = field(default_factory=set)
    swaps: int = 0

    async def write(self, rate: float, seconds: float) -> None:
        """Let customers write, at even intervals."""
        chance = random.Random(0)  # noqa: S311 - who writes what
        began = time.monotonic()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(began + number / rate - time.monotonic())
            channel = f"D{chance.randrange(CUSTOMERS)}"
            # another person than before: quick lines of one person would be one question
            user = f"U{channel}X{number % 2}"
            said = self.slack.say(chance.choice(QUESTIONS), user=user, channel=channel)
            self.written_at[f"slack:A1:{channel}:{said.ts}"] = time.monotonic()

    async def watch_answers(self) -> None:
        """Note when each message is answered."""
        seen = 0
        while True:
            posts = self.slack.workspace.posts
            for post in posts[seen:]:
                payload = post.metadata["event_payload"]
                message = payload["message"]
                if payload["part"] == 0:
                    self.twice += message in self.waited
                    self.waited.setdefault(message, time.monotonic() - self.written_at[message])
            seen = len(posts)
            await asyncio.sleep(0.005)

    async def watch_memory(self) -> None:
        """Measure once a second."""
        while True:
            for desk in self.desks:
                desk.measure_memory()
            await asyncio.sleep(1)

    async def swap_models(self, folder: ModelRegistry) -> None:
        """Put a new version in the place of the old one each minute."""
        while True:
            await self.ask_for_versions()
            await asyncio.sleep(60)
            self.swaps += 1
            await asyncio.to_thread(_publish_again, folder, self.swaps)

    async def ask_for_versions(self) -> None:
        """Note which models answer."""
        for desk in self.desks:
            if version := (await desk.ready()).get("version"):
                self.served.add(version)

    async def settled(self) -> None:
        """Wait until all is answered, but not for ever."""
        until = time.monotonic() + 30
        while len(self.waited) < len(self.written_at) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def _publish_again(folder: ModelRegistry, number: int) -> None:
    """Train in no time: copy the version that serves, under a name of its own."""
    current = folder.current()
    with folder.staging() as staged:
        shutil.copytree(current, staged, dirs_exist_ok=True)
        manifest = read_manifest(current)
        folder.publish(staged, replace(manifest, version=f"{number:012}"))


@asynccontextmanager
async def serving(
    folder: Path, slack: SlackServer, database: str, workers: int
) -> AsyncIterator[Sequence[Desk]]:
    """Start `serve` and the workers; stop them in the end."""
    settings = (
        f"intents: {INTENTS}\nmodel: model\ndatabase: {database}\n"
        f"slack: {{api_url: {slack.api_url}}}\n"
        f"serve: {{answer: {'false' if workers else 'true'}, port: "
    )
    async with AsyncExitStack() as stack:
        commands = ["serve"] + ["worker"] * workers
        desks = [
            await stack.enter_async_context(_process(each, folder, settings)) for each in commands
        ]
        for desk in desks:
            await desk.ready()
        yield desks


@asynccontextmanager
async def _process(command: str, folder: Path, settings: str) -> AsyncIterator[Desk]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    config = folder / f"{command}-{port}.yaml"
    config.write_text(f"{settings}{port}}}\n", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", command, "--config", str(config)),
        env={**os.environ, **TOKENS},
        stderr=asyncio.subprocess.PIPE,
    )
    desk = Desk(command, process, port)
    reading = asyncio.create_task(desk.read_log())
    try:
        yield desk
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await reading


async def soak(options: argparse.Namespace) -> bool:
    """Run it, print what was seen, and tell whether all is well."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = folder / "model"
        print("training on the shipped intents", flush=True)
        await asyncio.to_thread(train_everything, Config(intents=INTENTS, model=model))
        async with (
            SlackServer() as slack,
            serving(folder, slack, options.database, options.workers) as desks,
        ):
            run = Run(slack, desks)
            used = [(desk.cpu_seconds(), desk.written()) for desk in desks]
            watches = (
                run.watch_answers,
                run.watch_memory,
                partial(run.swap_models, ModelRegistry(model)),
            )
            watching = [asyncio.create_task(watch()) for watch in watches]
            await run.write(options.rate, options.minutes * 60)
            await run.settled()
            await run.ask_for_versions()
            for watch in watching:
                watch.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
            return report(run, used)


def report(run: Run, used: Sequence[tuple[float, int]]) -> bool:
    """Print what was seen; tell whether all is well."""
    messages = len(run.written_at)
    waits = sorted(run.waited.values())
    lost = messages - len(waits)
    print(f"messages: {messages}, unanswered: {lost}, answered twice: {run.twice}")
    print(f"from message to answer: {_spread(waits)}")
    for desk, (cpu, written) in zip(run.desks, used, strict=True):
        print(f"{desk.command}:")
        print(f"  memory: {desk.sizes[-1] / 2**20:.0f} MiB, {desk.growth():+.1%} after warm-up")
        print(f"  CPU: {(desk.cpu_seconds() - cpu) * 1000 / messages:.1f} ms for each message")
        print(f"  disk: {(desk.written() - written) / messages:,.0f} bytes for each message")
        print(f"  warnings and errors: {dict(desk.faults) or 'none'}")
    print(
        f"models: {run.swaps} swaps on disk, {len(run.served) - 1} taken up while serving",
        flush=True,
    )
    fine = all(desk.growth() < MOST_GROWTH and not desk.faults for desk in run.desks)
    return fine and not lost and not run.twice


def _spread(seconds: Sequence[float]) -> str:
    shares = (("p50", 0.5), ("p99", 0.99), ("worst", 1.0))
    last = len(seconds) - 1
    return ", ".join(f"{name} {seconds[int(last * share)] * 1000:.0f} ms" for name, share in shares)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=20, help="messages a second")
    parser.add_argument("--database", default="sqlite:///desk.db")
    parser.add_argument("--workers", type=int, default=0, help="0: serve answers by itself")
    sys.exit(0 if asyncio.run(soak(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
