"""The adapter at work against the loopback Discord, and what comes out of it."""

from __future__ import annotations

import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

from adapters.discord import plugin
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.config import DiscordConfig
from bot.messages import (
    Attachment,
    Decision,
    DecisionKind,
    Done,
    Event,
    Part,
    Readers,
    Received,
    Say,
)
from bot.ports import History, Windows
from tests.servers.discord import TOKEN, DiscordServer
from tests.servers.discord.payloads import Json

PATIENCE = 20.0


class Recorder:
    """An `accept` that keeps every event, once.

    Attributes:
        offered: Ids of all events that came, repeated ones too.
        failures: Raised one by one instead of accepting.
        gate: When there is one, storing takes until it is set.
    """

    def __init__(self) -> None:
        self.gate: asyncio.Event | None = None
        self.events: list[Event] = []
        self.offered: list[str] = []
        self.failures: list[Exception] = []
        self._changed = asyncio.Condition()

    async def accept(self, event: Event) -> bool:
        self.offered.append(event.message.id)
        if self.gate is not None:
            await self.gate.wait()
        async with self._changed:
            self._changed.notify_all()
            if self.failures:
                raise self.failures.pop(0)
            fresh = event.message.id not in self.ids
            if fresh:
                self.events.append(event)
            return fresh

    @property
    def ids(self) -> set[str]:
        return {event.message.id for event in self.events}

    async def until(self, accepted: int = 0, *, offered: int = 0) -> Event:
        """Wait until so many events were accepted and offered; return the last accepted."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(
                lambda: len(self.events) >= accepted and len(self.offered) >= offered
            )
        return self.events[-1]

    async def received(self, number: int = 1) -> Received:
        """Wait for the nth event, which is a message."""
        await self.until(number)
        event = self.events[number - 1]
        assert isinstance(event, Received)
        return event


class Memory:
    """A `History` made of what a recorder has seen.

    Attributes:
        failures: Raised one by one instead of telling where to go on.
        said: What finished replies have said since any moment.
        kept: Ids of messages that are stored.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.failures: list[Exception] = []
        self.said: list[str] = []
        self.kept: set[str] = set()

    async def accepted(self, prefix: str) -> Sequence[str]:
        if self.failures:
            raise self.failures.pop(0)
        events = reversed(self._recorder.events)
        return [event.message.id for event in events if event.message.id.startswith(prefix)]

    async def conversations(
        self, prefix: str, *, since: datetime, limit: int
    ) -> Mapping[str, datetime]:
        begun: dict[str, datetime] = {}
        for event in self._recorder.events:
            if event.message.addressing in ("direct", "mention"):
                begun.setdefault(event.message.conversation, event.message.sent_at)
        return dict([*begun.items()][-limit:])

    async def first_start(self, source: str, now: datetime) -> datetime:
        return now - timedelta(days=365)

    async def readers(self, conversation: str) -> Readers | None:
        return None

    async def stored(self, prefix: str, *, since: datetime, conversation: str = "") -> set[str]:
        return {each for each in self.kept if each.startswith(conversation or prefix)}

    async def replies(self, conversation: str, *, since: datetime) -> Sequence[str]:
        return self.said


@dataclass
class Attempt:
    """A `Posting`."""

    event: Event
    attempt: int = 1
    posted: tuple[str, ...] = ()
    remembered: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    async def reserve(self) -> None:
        """Nobody takes over."""

    async def remember(self, platform_id: str) -> None:
        if platform_id not in self.remembered:
            self.remembered.append(platform_id)

    async def forget(self, platform_id: str) -> None:
        self.gone.append(platform_id)


async def parts(*said: Part | str) -> AsyncIterator[Part]:
    """Make a reply: texts are said in public, `Done` comes by itself."""
    for part in said:
        yield Say(part) if isinstance(part, str) else part
    if not any(isinstance(part, Done) for part in said):
        yield Done(Decision("d", "m", DecisionKind.INTENT))


def adapter_of(server: DiscordServer, **settings: object) -> DiscordAdapter:
    """Build the adapter as the core does, pointed at a server."""
    section = DiscordConfig.model_validate(
        {
            "api_url": server.api_url,
            "gateway_url": server.gateway_url,
            "reconnect_after": 0.02,
            "timeout": 10.0,
            **settings,
        }
    )
    return plugin.build(section, {"DISCORD_BOT_TOKEN": TOKEN})


@asynccontextmanager
async def serving(
    server: DiscordServer,
    recorder: Recorder,
    *,
    past: History | None = None,
    windows: object = None,
    **settings: object,
) -> AsyncIterator[DiscordAdapter]:
    """Run the adapter until the block ends; it has identified when the block begins."""
    adapter = adapter_of(server, **settings)
    if past is not None:
        adapter.recall(past)
    if windows is not None:
        adapter.use_windows(cast("Windows", windows))
    async with listening(adapter, server, recorder):
        yield adapter


@asynccontextmanager
async def listening(
    adapter: DiscordAdapter, server: DiscordServer, recorder: Recorder
) -> AsyncIterator[None]:
    """Run an adapter that was made before."""
    there = asyncio.create_task(server.gateway.until(identified=server.gateway.identified + 1))
    running = asyncio.create_task(adapter.run(recorder.accept))
    try:
        await asyncio.wait([there, running], timeout=PATIENCE, return_when=FIRST_COMPLETED)
        assert there.done(), "the adapter did not connect"
        yield
    finally:
        there.cancel()
        async with asyncio.timeout(PATIENCE):
            await adapter.close()
            await running


async def answer(
    adapter: DiscordAdapter,
    event: Event,
    *said: Part | str,
    posted: Sequence[str] = (),
    number: int = 1,
) -> Attempt:
    """Post a reply to an event; return the attempt with what it remembered."""
    attempt = Attempt(event, number, tuple(posted))
    await adapter.post(attempt, parts(*said))
    return attempt


def named(files: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """Return files without where they come from."""
    return tuple(replace(each, source="") for each in files)


async def response_to(server: DiscordServer, interaction: int) -> Json:
    """Return the first response to an interaction, once there is one."""
    async with asyncio.timeout(10):
        while not server.world.interactions[interaction].responses:
            await server.requested()
    return server.world.interactions[interaction].responses[0]
