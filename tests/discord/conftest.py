"""A loopback Discord, a recorder, and the adapter between them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.discord.adapter import DiscordAdapter
from tests.discord.desk import Recorder, serving
from tests.servers.discord import DiscordServer


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as running:
        yield running


@pytest.fixture
async def channel(server: DiscordServer) -> int:
    """A text channel that exists before the bot comes."""
    return server.world.text_channel()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def adapter(
    server: DiscordServer,
    channel: int,  # the bot learns of it when it connects
    recorder: Recorder,
) -> AsyncIterator[DiscordAdapter]:
    async with serving(server, recorder) as running:
        yield running
