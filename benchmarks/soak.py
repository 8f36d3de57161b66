"""Does the desk stay as it is, hour after hour? Memory, errors and latency of a long run.

    python -m benchmarks.soak [--minutes 10] [--rate 20] [--database postgresql://...]

The real `frontdesk serve` in a process of its own, against a local Slack: customers write at a
steady rate, and each minute a new version of the model takes the place of the old one on the disk.
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
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean

import aiohttp

from benchmarks.delivery_street import QUESTIONS
from bot.assembly import train_everything
from bot.config import Config
from bot.understanding.model_folder import ModelFolder, read_manifest
from tests.servers.slack import SlackServer

CUSTOMERS = 400
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-valid", "SLACK_APP_TOKEN": "xapp-1-valid"}
WARM_UP = 0.3
"""Share of the run that memory is not judged by."""

MOST_GROWTH = 0.05
INTENTS = Path(__file__).parent.parent / "intents"


@dataclass(slots=True)
class Desk:
    """A running `frontdesk serve`.

    Attributes:
        faults: Lines of its log that tell of something wrong, by their event.
    """

    process: asyncio.subprocess.Process
    port: int
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

    def memory(self) -> int:
        """Return the bytes that it has in memory."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def written(self) -> int:
        """Return the bytes that it has written to the disk."""
        io = Path(f"/proc/{self.process.pid}/io").read_text("ascii")
        return int(dict(line.split(": ") for line in io.splitlines())["write_bytes"])

    async def version(self) -> str:
        """Return the version of the model that answers."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.port}/readyz") as response,
        ):
            return str((await response.json())["model"]["version"])


@dataclass(slots=True)
class Run:
    """What is seen from outside while customers write."""

    slack: SlackServer
    desk: Desk
    written_at: dict[str, float] = field(default_factory=dict)
    waited: dict[str, float] = field(default_factory=dict)
    twice: int = 0
    memory: list[int] = field(default_factory=list)
    served: set[str] = field(default_factory=set)
    swaps: int = 0

    async def write(self, rate: float, seconds: float) -> None:
        """Let customers write, at even intervals."""
        chance = random.Random(0)  # noqa: S311 - who writes what
        began = time.monotonic()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(began + number / rate - time.monotonic())
            channel = f"D{chance.randrange(CUSTOMERS)}"
            said = self.slack.say(chance.choice(QUESTIONS), user=f"U{channel}", channel=channel)
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
            self.memory.append(self.desk.memory())
            await asyncio.sleep(1)

    async def swap_models(self, folder: ModelFolder) -> None:
        """Put a new version in the place of the old one each minute."""
        while True:
            self.served.add(await self.desk.version())
            await asyncio.sleep(60)
            self.swaps += 1
            await asyncio.to_thread(_publish_again, folder, self.swaps)

    async def settled(self) -> None:
        """Wait until all is answered, but not for ever."""
        until = time.monotonic() + 30
        while len(self.waited) < len(self.written_at) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    def growth(self) -> float:
        """Return how much memory grew from just after the warm-up to the end."""
        measured = self.memory[int(len(self.memory) * WARM_UP) :]
        window = max(1, len(measured) // 10)
        return mean(measured[-window:]) / mean(measured[:window]) - 1


def _publish_again(folder: ModelFolder, number: int) -> None:
    """Train in no time: copy the version that serves, under a name of its own."""
    current = folder.current()
    with folder.staging() as staged:
        shutil.copytree(current, staged, dirs_exist_ok=True)
        manifest = read_manifest(current)
        folder.publish(staged, replace(manifest, version=f"{number:012}"))


@asynccontextmanager
async def serving(folder: Path, slack: SlackServer, database: str) -> AsyncIterator[Desk]:
    """Start `frontdesk serve`, and stop it in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    config = folder / "config.yaml"
    settings = f"intents: {INTENTS}\nmodel: model\nserve: {{port: {port}}}\ndatabase: {database}\n"
    config.write_text(f"{settings}slack: {{api_url: {slack.api_url}}}\n", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "serve", "--config", str(config)),
        env={**os.environ, **TOKENS},
        stderr=asyncio.subprocess.PIPE,
    )
    desk = Desk(process, port)
    reading = asyncio.create_task(desk.read_log())
    try:
        while not slack.sockets.sockets and process.returncode is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
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
            serving(folder, slack, options.database) as desk,
        ):
            run = Run(slack, desk)
            cpu, written = desk.cpu_seconds(), desk.written()
            watching = [
                asyncio.create_task(watch)
                for watch in (
                    run.watch_answers(),
                    run.watch_memory(),
                    run.swap_models(ModelFolder(model)),
                )
            ]
            await run.write(options.rate, options.minutes * 60)
            await run.settled()
            run.served.add(await desk.version())
            cpu, written = desk.cpu_seconds() - cpu, desk.written() - written
            for watch in watching:
                watch.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
    return report(run, cpu, written)


def report(run: Run, cpu: float, written: int) -> bool:
    """Print what was seen; tell whether all is well."""
    messages = len(run.written_at)
    waits = sorted(run.waited.values())
    lost = messages - len(waits)
    print(f"messages: {messages}, unanswered: {lost}, answered twice: {run.twice}")
    print(f"from message to answer: {_spread(waits)}")
    print(f"memory: {run.memory[-1] / 2**20:.0f} MiB, grown by {run.growth():+.1%} after warm-up")
    print(f"CPU: {cpu * 1000 / messages:.1f} ms a message, whole product, one process")
    print(f"written to disk: {written / messages:,.0f} bytes a message")
    print(f"models: {run.swaps} swaps on disk, {len(run.served) - 1} taken up while serving")
    print(f"warnings and errors: {dict(run.desk.faults) or 'none'}", flush=True)
    return not (lost or run.twice or run.desk.faults) and run.growth() < MOST_GROWTH


def _spread(seconds: Sequence[float]) -> str:
    shares = (("p50", 0.5), ("p99", 0.99), ("worst", 1.0))
    last = len(seconds) - 1
    return ", ".join(f"{name} {seconds[int(last * share)] * 1000:.0f} ms" for name, share in shares)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=20, help="messages a second")
    parser.add_argument("--database", default="sqlite:///desk.db")
    sys.exit(0 if asyncio.run(soak(parser.parse_args())) else 1)


if __name__ == "__main__":
    main()
