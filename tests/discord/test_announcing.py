"""The bot speaks first: to staff, in their channel."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.errors import AdapterError, ServiceUnavailable
from bot.ports import CanNotify
from tests.discord.desk import adapter_of
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault


async def test_an_announcement_stands_in_the_channel_and_pings_nobody(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    assert isinstance(adapter, CanNotify)
    await adapter.notify(str(channel), "**Attention:** @everyone look")
    await adapter.notify(str(channel), "**Attention:** @everyone look")

    first, second = (post.message for post in server.world.posts)
    assert server.world.posts[0].request["allowed_mentions"] == {"parse": []}
    assert first["content"] == second["content"] == "**Attention:** @everyone look"
    assert first["channel_id"] == str(channel)


async def test_a_long_announcement_becomes_several_posts(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    await adapter.notify(str(channel), "word " * 1_000)

    texts = [post.message["content"] for post in server.world.posts]
    assert len(texts) > 1
    assert all(len(text) <= 2_000 for text in texts)


@pytest.mark.parametrize("channel_id", ["#staff", "1", ""])
async def test_a_channel_that_is_none_is_refused(adapter: DiscordAdapter, channel_id: str) -> None:
    with pytest.raises(AdapterError):
        await adapter.notify(channel_id, "hello")


async def test_an_outage_is_worth_another_attempt(
    server: DiscordServer, adapter: DiscordAdapter, channel: int
) -> None:
    server.faults.append(Fault("POST", r"/messages$", 503))

    with pytest.raises(ServiceUnavailable):
        await adapter.notify(str(channel), "hello")


async def test_before_connecting_there_is_no_voice(server: DiscordServer) -> None:
    with pytest.raises(ServiceUnavailable, match="not connected"):
        await adapter_of(server).notify("1", "hello")
