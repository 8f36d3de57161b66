"""Posting without the gateway: what a process does that only answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.errors import AdapterError
from bot.messages import Event, Say, Visibility
from tests.discord.desk import PATIENCE, Recorder, adapter_of, answer, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.payloads import CREATE_PUBLIC_THREADS
from tests.servers.discord.world import BOT


@asynccontextmanager
async def speaking(server: DiscordServer) -> AsyncIterator[DiscordAdapter]:
    """Run an adapter that hears nothing until the block ends."""
    adapter = adapter_of(server)
    running = asyncio.create_task(adapter.speak())
    try:
        async with asyncio.timeout(PATIENCE):
            while not (adapter.connected or running.done()):  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.01)
        yield adapter
    finally:
        await adapter.close()
        await running


async def heard(server: DiscordServer, channel: int) -> Event:
    """Let another process hear a mention, and end."""
    recorder = Recorder()
    async with serving(server, recorder):
        server.world.say(channel, 7, f"<@{BOT}> where is my order?")
        return await recorder.received()


async def test_a_mention_is_answered_in_a_thread(server: DiscordServer, channel: int) -> None:
    event = await heard(server, channel)
    sessions = server.gateway.identified
    async with speaking(server) as adapter:
        await answer(adapter, event, "On Friday.")
    (post,) = server.world.posts
    assert post.message["channel_id"] == event.message.id.rpartition(":")[2]
    assert server.world.channels[int(post.message["channel_id"])]["parent_id"] == str(channel)
    assert server.gateway.identified == sessions


async def test_where_threads_are_not_allowed_it_replies_on_the_spot(server: DiscordServer) -> None:
    strict = server.world.text_channel("strict", denied=CREATE_PUBLIC_THREADS)
    event = await heard(server, strict)
    server.faults.append(Fault("POST", r"/threads$", 403))
    async with speaking(server) as adapter:
        await answer(adapter, event, "On Friday.")
    (post,) = server.world.posts
    assert post.message["channel_id"] == str(strict)
    assert "message_reference" in post.request


async def test_a_private_answer_goes_into_direct_messages(
    server: DiscordServer, channel: int
) -> None:
    event = await heard(server, channel)
    async with speaking(server) as adapter:
        await answer(adapter, event, Say("Order 48213 is late.", Visibility.PRIVATE))
    private, public = server.world.posts
    assert private.message["content"] == "Order 48213 is late."
    assert private.message["channel_id"] != public.message["channel_id"]


async def test_staff_can_be_told(server: DiscordServer, channel: int) -> None:
    async with speaking(server) as adapter:
        await adapter.notify(str(channel), "**Attention**")
    assert [post.message["content"] for post in server.world.posts] == ["**Attention**"]


async def test_a_refused_token_ends_it(server: DiscordServer) -> None:
    server.faults.append(Fault("GET", r"/users/@me$", 401))
    with pytest.raises(AdapterError, match="token"):
        await adapter_of(server).speak()
