"""How long one hostile message blocks the event loop.

    python -m benchmarks.stall [--characters 40000] [--idle 5]

A whole desk on a local Slack with GPT on a local model server. While each message is handled, a
task measures how late it wakes up; the idle run beside it, and a short honest question, tell what
the machine itself costs. Exits with 1 when a message stops the loop for more than 100 ms longer
than the idle run does.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.slack import plugin
from bot import logs
from bot.app.build import open_service
from bot.app.preload import preload
from bot.config.schema import Config, GptConfig, ServeConfig, load_config
from bot.publishing.bundle import freeze_garbage_collector
from bot.publishing.train import train_everything
from tests.end_to_end.conftest import ARTICLE, INTENTS
from tests.servers.openai import openai_server
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section

ALLOWED = 0.1
"""Seconds that a message may stop the loop for, beyond the idle run."""

TICK = 0.005
"""Seconds between two looks at the clock."""

LOST = 300.0

QUESTION = "how much does it cost to rent a tent for two per day "

ANSWER = "A tent for two costs 9 euro a day to rent. A tent for four costs 14 euro."

PIECES: Mapping[str, str] = {
    "ranges of numbers": "12-12 ",
    "digits": "1234567890",
    "card numbers": "4111 1111 1111 1111 ",
    "phone numbers": "+49 30 1234567, ",
    "brackets": "[",
    "open links": "[a](",
    "links": "[a](https://a.example/b) ",
    "addresses": "a.b@c.de ",
    "spaces": " ",
    "empty lines": " \n",
    "mentions": "<@UBOT> ",
    "open mentions": "<@UBOT|",
    "names": "My name is Anna Schmidt. ",
    "streets": "Lange Straße 12, ",
    "hyphens": "a-",
    "one word": "a",
    "words": "how much is a tent ",
    "Chinese numbers": "三百二十天,",
    "Chinese": "退货要多少钱",
    "stars": "**a ",
}


class Lag:
    """Measures how late a task wakes up, while it runs."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.ticks = 0

    @asynccontextmanager
    async def measured(self) -> AsyncIterator[None]:
        """Measure until the block is left."""
        ticking = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            ticking.cancel()
            await asyncio.wait([ticking])

    async def _tick(self) -> None:
        while True:
            started = time.perf_counter()
            await asyncio.sleep(TICK)
            self.longest = max(self.longest, time.perf_counter() - started - TICK)
            self.ticks += 1


@asynccontextmanager
async def desk(config: Config, gpt: str, folder: str) -> AsyncIterator[SlackServer]:
    """Serve a Slack with GPT."""
    sections = {
        "gpt": GptConfig(base_url=gpt),
        "database": f"sqlite:///{folder}/stall.db",
        "serve": ServeConfig(port=0, rate_limit=False),
    }
    async with SlackServer() as slack:
        adapters = [plugin.build(section(slack), environment(slack))]
        service = open_service(config.model_copy(update=sections), {}, adapters=adapters)
        async with service as running_service:
            running = asyncio.create_task(running_service.run())
            await _until(lambda: bool(slack.sockets.sockets))
            yield slack
            running_service.stop()
            await running


async def _until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(LOST):
        while not condition():  # noqa: ASYNC110 - the condition is about another program
            await asyncio.sleep(0.02)


async def handled(slack: SlackServer, text: str, channel: str) -> Lag:
    """Send a message and wait for its answer; return how the loop fared."""
    lag = Lag()
    async with lag.measured():
        slack.say(text, channel=channel)
        await _until(lambda: any(post.channel == channel for post in slack.workspace.posts))
        await asyncio.sleep(0.3)
    return lag


async def idle(seconds: float) -> Lag:
    """Return how the loop fares while nobody writes."""
    lag = Lag()
    async with lag.measured():
        await asyncio.sleep(seconds)
    return lag


async def measure(characters: int, seconds: float) -> int:
    """Print the longest stall of each message; return how many were too long."""
    preload()
    freeze_garbage_collector()  # as `frontdesk serve` does
    with TemporaryDirectory() as folder:
        config = _trained(Path(folder))
        async with openai_server(answer=ANSWER) as gpt, desk(config, gpt.url, folder) as slack:
            await handled(slack, QUESTION, "DWARM")
            base = (await idle(seconds)).longest
            print("milliseconds that the event loop stood still, at the longest\n")
            print(f"| message | longest |\n| --- | --- |\n| none (idle) | {base * 1000:.0f} |")
            late = 0
            for number, (name, text) in enumerate({"a short question": "", **PIECES}.items()):
                message = QUESTION + text * ((characters - len(QUESTION)) // max(len(text), 1))
                longest = (await handled(slack, message, f"D{number}")).longest
                late += longest > base + ALLOWED
                print(f"| {name} | {longest * 1000:.0f} |", flush=True)
            print(f"\n{len(gpt.requests)} of these questions went to GPT")
    return late


def _trained(folder: Path) -> Config:
    (folder / "intents" / "knowledge").mkdir(parents=True)
    (folder / "intents" / "shop.yaml").write_text(INTENTS)
    (folder / "intents" / "knowledge" / "rental.md").write_text(ARTICLE)
    (folder / "config.yaml").write_text("intents: intents\nmodel: model\n")
    config = load_config(folder / "config.yaml", {})
    train_everything(config)
    return config


def main() -> None:
    """Measure; exit with 1 when a message stopped the loop for too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=40_000)
    parser.add_argument("--idle", type=float, default=5.0, help="seconds of the idle run")
    arguments = parser.parse_args()
    logs.configure(level="ERROR")
    sys.exit(bool(asyncio.run(measure(arguments.characters, arguments.idle))))


if __name__ == "__main__":
    main()
