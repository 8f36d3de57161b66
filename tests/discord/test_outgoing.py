"""Posts of the outbox reach their place once, also when Discord has forgotten their nonce."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.messages import Event, Visibility
from bot.ports import DeliversPosts, OutgoingPost, ReservedPost
from tests.discord.desk import Memory, Recorder, answer, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT

LATER = 301  # seconds; Discord remembers a nonce for 300


@pytest.fixture
def memory(recorder: Recorder) -> Memory:
    return Memory(recorder)


@pytest.fixture
async def adapter(
    server: DiscordServer, channel: int, recorder: Recorder, memory: Memory
) -> AsyncIterator[DiscordAdapter]:
    async with serving(server, recorder, past=memory) as running:
        yield running


def shown(server: DiscordServer) -> list[str]:
    return [post.message["content"] for post in server.world.posts]


def places(server: DiscordServer) -> list[str]:
    return [post.message["channel_id"] for post in server.world.posts]


async def told(server: DiscordServer, recorder: Recorder) -> Event:
    server.world.tell(7, "where is it?")
    return await recorder.received(len(recorder.events) + 1)


async def mentioned(server: DiscordServer, channel: int, recorder: Recorder) -> Event:
    server.world.say(channel, 7, f"<@{BOT}> where is it?")
    return await recorder.received(len(recorder.events) + 1)


def reserved(event: Event, markdown: str = "On its way.", number: int = 1) -> ReservedPost:
    author = event.message.author.key
    post = OutgoingPost(event.message.conversation, markdown, f"act-{number}", author)
    now = datetime.now(UTC)
    return ReservedPost(post, number, "token", 1, now, now)


def test_discord_delivers_posts(adapter: DiscordAdapter) -> None:
    assert isinstance(adapter, DeliversPosts)


async def test_a_post_made_again_is_known_by_its_nonce_and_later_found(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    for number in (1, 2):
        event = await (
            told(server, recorder) if number == 1 else mentioned(server, channel, recorder)
        )
        line = reserved(event, number=number)
        first = await adapter.deliver(line)
        assert await adapter.deliver(replace(line, attempt=2)) == first
        server.clock.advance(LATER)
        assert await adapter.deliver(replace(line, attempt=3)) == first
    assert shown(server) == ["On its way."] * 2


async def test_an_equal_line_that_was_delivered_is_not_taken_for_this_one(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    event = await told(server, recorder)
    first = await adapter.deliver(reserved(event, "Ok.", 1))
    second = replace(reserved(event, "Ok.", 2), attempt=2, standing=frozenset({first}))

    assert await adapter.deliver(second) != first
    assert shown(server) == ["Ok."] * 2


async def test_what_the_bot_answered_is_not_taken_for_a_line(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mentioned(server, channel, recorder)
    await answer(adapter, event, "On Friday.")
    await adapter.deliver(replace(reserved(event), attempt=2))

    assert shown(server) == ["On Friday.", "On its way."]
    assert len(set(places(server))) == 1  # in the thread of the conversation


async def test_a_conversation_without_a_thread_gets_one(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    event = await mentioned(server, channel, recorder)
    await adapter.deliver(reserved(event))

    assert places(server) == [event.message.conversation.rpartition(":")[2]]


async def test_what_others_may_not_read_is_withheld(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    line = reserved(await mentioned(server, channel, recorder), "The internal price is 5.")
    internal = replace(line.post, visibility=Visibility.INTERNAL)
    await adapter.deliver(replace(line, post=internal))

    (text,) = shown(server)
    assert "internal price" not in text
