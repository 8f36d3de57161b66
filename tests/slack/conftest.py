"""Slack's local server, an adapter connected to it, and recorders in place of the core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from adapters.slack.adapter import SlackAdapter
from adapters.slack.config import SlackConfig
from adapters.slack.plugin import plugin
from bot.errors import ServiceUnavailable, StorageError
from bot.messages import Acted, Decision, DecisionKind, Done, Event, Part, Pressed, Received
from bot.ports import History, Windows
from tests.servers.slack import SlackServer


@dataclass
class Recorder:
    """Accepts events like an inbox: each message id once.

    Attributes:
        failures: How many calls to come fail, as a full disk would.
    """

    events: list[Event] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    failures: int = 0
    gate: asyncio.Event | None = None

    async def accept(self, event: Event) -> bool:
        self.calls.append(event.message.id)
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise StorageError("the disk is full")
        if event.message.id in {known.message.id for known in self.events}:
            return False
        self.events.append(event)
        return True

    @property
    def received(self) -> list[Received]:
        return [event for event in self.events if isinstance(event, Received)]

    @property
    def pressed(self) -> list[Pressed]:
        return [event for event in self.events if isinstance(event, Pressed)]

    @property
    def acted(self) -> list[Acted]:
        return [event for event in self.events if isinstance(event, Acted)]

    @property
    def texts(self) -> list[str]:
        return [event.message.text for event in self.received]


@dataclass
class Reply:
    """A posting as the delivery worker makes it, with a memory that outlives attempts."""

    event: Event
    attempt: int = 1
    posted: tuple[str, ...] = ()

    async def reserve(self) -> None:
        """Nobody takes over."""

    async def remember(self, platform_id: str) -> None:
        self.posted = (*self.posted, platform_id)

    async def forget(self, platform_id: str) -> None:
        self.posted = tuple(each for each in self.posted if each != platform_id)


def done(event: Event) -> Done:
    return Done(Decision(id="d", message_id=event.message.id, kind=DecisionKind.INTENT))


async def parts_of(*parts: Part) -> AsyncIterator[Part]:
    for part in parts:
        yield part


async def eventually(condition: Callable[[], object]) -> None:
    """Wait for something to come true."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - the condition is about another program
            await asyncio.sleep(0.01)


async def ask(slack: SlackServer, recorder: Recorder, text: str = "hi", **where: str) -> Event:
    """Let a person write and return the event that reaches the core."""
    slack.say(text, **where)
    await slack.sockets.settled()
    return recorder.events[-1]


async def answer(adapter: SlackAdapter, event: Event, *parts: Part) -> Reply:
    reply = Reply(event)
    await adapter.post(reply, parts_of(*parts, done(event)))
    return reply


async def interrupted(adapter: SlackAdapter, reply: Reply, *parts: Part) -> None:
    with pytest.raises(ServiceUnavailable):
        await adapter.post(reply, parts_of(*parts, done(reply.event)))


async def again(adapter: SlackAdapter, reply: Reply, *parts: Part) -> None:
    reply.attempt += 1
    await adapter.post(reply, parts_of(*parts, done(reply.event)))


def section(server: SlackServer, **settings: object) -> SlackConfig:
    return SlackConfig.model_validate({"api_url": server.api_url, "ping_interval": 1.0} | settings)


def environment(server: SlackServer) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": server.workspace.bot_token,
        "SLACK_APP_TOKEN": server.workspace.app_token,
    }


@asynccontextmanager
async def connected(
    server: SlackServer,
    recorder: Recorder,
    *,
    past: History | None = None,
    windows: object = None,
    **settings: object,
) -> AsyncIterator[SlackAdapter]:
    """Run an adapter until the block ends."""
    adapter = plugin.build(section(server, **settings), environment(server))
    if past is not None:
        adapter.recall(past)
    if windows is not None:
        adapter.use_windows(cast("Windows", windows))
    running = asyncio.create_task(adapter.run(recorder.accept))
    try:
        await eventually(lambda: server.sockets.sockets or running.done())
        yield adapter
    finally:
        await adapter.close()
        await running


@pytest.fixture(autouse=True)
def _no_slack_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer(retry_delays=(0.0, 0.05, 0.1)) as server:
        yield server


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def adapter(slack: SlackServer, recorder: Recorder) -> AsyncIterator[SlackAdapter]:
    async with connected(slack, recorder) as adapter:
        yield adapter
