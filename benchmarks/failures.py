"""Time until a customer is answered after a failure of GPT, by kind of failure.

    python -m benchmarks.failures [--rounds 2] [--timeout 2] [--model FILE]

A whole desk on a local Slack, with model servers that fail on purpose. Each round opens a desk and
asks it as often as it takes to tell staff that GPT is away; in the last round their channel
is slow. A failure is the moment when the server ended its answer, or the client gave up waiting;
where a request is tried again, the first failure is shown as well. FILE is a model to be killed in
mid-answer, as `make local-gpt` fetches it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from adapters.slack import plugin
from bot import logs
from bot.answering.generation.circuit_breaker import FAILURES
from bot.app.build import open_service
from bot.config.schema import Config, GptConfig, ServeConfig, StaffConfig, load_config
from bot.config.staff import MembersConfig
from bot.publishing.train import train_everything
from tests.end_to_end.conftest import ARTICLE, INTENTS, local_gpt_process
from tests.servers.openai import OpenAIServer, openai_server
from tests.servers.slack import SlackServer
from tests.servers.slack.faults import Fault
from tests.slack.conftest import environment, section

SCRIPTS = (
    "broken", "unauthorized", "not_found", "too_many_requests", "refuses_everything",
    "html", "nonsense_json", "other_json", "not_utf8", "empty",
    "half", "cut_midway", "error_midway", "hang_before", "hang_midway", "only_pings",
)  # fmt: skip
LOST = 60.0
"""Seconds after which no answer is expected any more."""

QUESTION = "how much does it cost to rent a tent for two per day"
BEGUN = "A tent for two costs 9 euro a day to rent. A tent for four"
QUOTED = "9 euro a day to rent, a tent for four 14 euro"
STAFF = "G1"
SLOW = 10.0
"""Seconds that the staff channel takes in the last round."""

ALLOWED = 2.0
"""Seconds from the failure to the answer."""


@dataclass
class Waits:
    """How long customers waited, in seconds.

    Attributes:
        since_last: From the last failure of a request to the answer.
        since_first: From its first one.
        since_asked: From the question.
    """

    since_last: list[float] = field(default_factory=list)
    since_first: list[float] = field(default_factory=list)
    since_asked: list[float] = field(default_factory=list)

    def row(self, kind: str) -> str:
        """Render as a row of a Markdown table."""
        columns = (self.since_last, self.since_first, self.since_asked)
        waits = [median(self.since_last), *map(max, columns)]
        cells = [f"{seconds * 1000:.0f}" for seconds in waits]
        return f"| {kind} | {' | '.join(cells)} |"

    def note(self, asked: float, failures: Sequence[float], answered: float) -> None:
        """Note one answer; without a failure that was seen, the question counts as one."""
        self.since_last.append(answered - (failures[-1] if failures else asked))
        self.since_first.append(answered - (failures[0] if failures else asked))
        self.since_asked.append(answered - asked)


@asynccontextmanager
async def desk(trained: Config, gpt: GptConfig) -> AsyncIterator[SlackServer]:
    """Serve a Slack, with a staff channel."""
    with TemporaryDirectory() as folder:
        config = trained.model_copy(
            update={
                "gpt": gpt,
                "database": f"sqlite:///{folder}/desk.db",
                "staff": StaffConfig(members={"slack": MembersConfig(channel=STAFF)}),
                "serve": ServeConfig(port=0),
            }
        )
        async with SlackServer() as slack:
            adapters = [plugin.build(section(slack), environment(slack))]
            async with open_service(config, {}, adapters=adapters, public=True) as service:
                running = asyncio.create_task(service.run())
                await _until(lambda: slack.sockets.sockets)
                yield slack
                service.stop()
                await running


async def _until(condition: Callable[[], object]) -> float:
    """Wait for something to come true; return when it did."""
    async with asyncio.timeout(LOST):
        while not condition():  # noqa: ASYNC110 - the condition is about another program
            await asyncio.sleep(0.002)
    return time.monotonic()


def _is_answered(slack: SlackServer, channel: str) -> bool:
    return any(QUOTED in post.markdown for post in slack.workspace.posts if post.channel == channel)


async def of_server(trained: Config, script: str, rounds: int, patience: float) -> Waits:
    """Measure one kind of failure of a server."""
    waits = Waits()
    for number in range(rounds):
        async with openai_server(script, answer=BEGUN) as gpt:
            config = GptConfig(base_url=gpt.url, timeout=patience)
            async with desk(trained, config) as slack:
                if number == rounds - 1:
                    slack.faults.order("chat.postMessage", Fault(hang=SLOW, channel=STAFF))
                for question in range(FAILURES):
                    waits.note(*await _ask(slack, f"D{question}", gpt))
    return waits


async def _ask(
    slack: SlackServer, channel: str, gpt: OpenAIServer
) -> tuple[float, Sequence[float], float]:
    """Ask; return when that was, when requests failed, and when the answer came."""
    asked, before = time.monotonic(), len(gpt.ended)
    slack.say(QUESTION, channel=channel)
    answered = await _until(lambda: _is_answered(slack, channel))
    return asked, gpt.ended[before:], answered


async def of_nobody(trained: Config, rounds: int) -> Waits:
    """Measure an address where no server is."""
    waits = Waits()
    async with openai_server() as gpt:
        gone = gpt.url
    for _ in range(rounds):
        async with desk(trained, GptConfig(base_url=gone)) as slack:
            for question in range(FAILURES):
                waits.note(*await _ask(slack, f"D{question}", gpt))
    return waits


async def of_local(trained: Config, file: Path, rounds: int) -> Waits:
    """Measure a local model whose process is killed in mid-answer."""
    waits = Waits()
    for _ in range(rounds):
        config = GptConfig(provider="local", model_path=file, timeout=60.0)
        async with desk(trained, config) as slack:
            process = local_gpt_process()
            os.kill(process, signal.SIGSTOP)  # so that it cannot finish before it dies
            asked = time.monotonic()
            slack.say(QUESTION, channel="D1")
            await asyncio.sleep(1.0)
            if _is_answered(slack, "D1"):
                raise SystemExit("the local model was not loaded in time: there was none to kill")
            killed = time.monotonic()
            os.kill(process, signal.SIGKILL)
            answered = await _until(lambda: _is_answered(slack, "D1"))
            waits.note(asked, [killed], answered)
    return waits


async def measure(arguments: argparse.Namespace) -> int:
    """Measure every kind, print a table; return how many kinds took too long."""
    with TemporaryDirectory() as folder:
        trained = _trained(Path(folder))
        print(
            "milliseconds to the quoted passage, since GPT failed for the last time (median, "
            "longest), since it failed first, and since the question (longest)\n\n"
            "| failure | median | longest | since the first | since the question |\n"
            "| --- | --- | --- | --- | --- |"
        )
        late = 0
        for script in SCRIPTS:
            waits = await of_server(trained, script, arguments.rounds, arguments.timeout)
            late += _show(script, waits)
        late += _show("nobody listens", await of_nobody(trained, arguments.rounds))
        if arguments.model.exists():
            waits = await of_local(trained, arguments.model, arguments.rounds)
            late += _show("local model killed", waits)
        else:
            print(f"no model at {arguments.model}: `make local-gpt` fetches one")
    return late


def _show(kind: str, waits: Waits) -> bool:
    print(waits.row(kind), flush=True)
    return max(waits.since_last) > ALLOWED


def _trained(folder: Path) -> Config:
    (folder / "intents" / "knowledge").mkdir(parents=True)
    (folder / "intents" / "shop.yaml").write_text(INTENTS)
    (folder / "intents" / "knowledge" / "rental.md").write_text(ARTICLE)
    (folder / "config.yaml").write_text("intents: intents\nmodel: model\n")
    config = load_config(folder / "config.yaml", {})
    train_everything(config)
    return config


def main() -> None:
    """Measure; exit with 1 when an answer took longer than is allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=2.0, help="`gpt.timeout`, in seconds")
    parser.add_argument("--model", type=Path, default=Path(".frontdesk/gpt/smollm2-135m.gguf"))
    logs.configure(level="ERROR")
    sys.exit(bool(asyncio.run(measure(parser.parse_args()))))


if __name__ == "__main__":
    main()
