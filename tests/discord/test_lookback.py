"""What stands before a mention that only points at it."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordAdapter
from tests.discord.desk import Recorder
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT


async def texts(adapter: DiscordAdapter, recorder: Recorder) -> list[str]:
    """What people wrote before the last message."""
    return [line.text for line in await adapter.earlier(recorder.events[-1].message)]


async def test_the_message_that_it_replies_to_is_meant(
    server: DiscordServer, channel: int, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    meant = server.world.say(channel, 8, "does it fit?")
    server.world.say(channel, 9, "lunch anyone?")
    server.world.say(channel, 7, f"<@{BOT}> can you answer this?", reply_to=meant)
    await recorder.until(3)
    (line,) = await adapter.earlier(recorder.events[-1].message)
    assert (line.id, line.text, line.author) == (str(meant), "does it fit?", "discord:discord:8")


async def test_in_a_channel_the_latest_lines_of_people_come_first(
    server: DiscordServer, channel: int, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    server.world.user(66, "otherbot", bot=True)
    for number in range(5):
        server.world.say(channel, 8, f"line {number}")
    server.world.say(channel, 66, "said by a bot")
    server.world.say(channel, 7, f"<@{BOT}> can you answer this?")
    await recorder.until(6)
    assert await texts(adapter, recorder) == ["line 4", "line 3", "line 2", "line 1"]


async def test_in_a_thread_the_message_that_it_was_made_from_comes_first(
    server: DiscordServer, channel: int, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    root = server.world.say(channel, 8, "does it fit?")
    thread = server.world.thread(channel, root=root)
    server.world.say(thread, 9, "no clue")
    server.world.say(thread, 8, "hmm")
    server.world.say(thread, 7, f"<@{BOT}> do you know?")
    await recorder.until(4)
    assert await texts(adapter, recorder) == ["does it fit?", "hmm", "no clue"]


async def test_in_a_forum_the_first_message_of_the_post_comes_first(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    post = server.world.thread(server.world.forum(), name="Broken zip")
    server.world.say(post, 8, "does it fit?", number=post)
    server.world.say(post, 9, "no clue")
    server.world.say(post, 7, f"<@{BOT}> do you know?")
    await recorder.until(3)
    assert await texts(adapter, recorder) == ["does it fit?", "no clue"]


@pytest.mark.parametrize("gone", [True, False])
async def test_what_is_gone_is_left_out(
    server: DiscordServer, channel: int, adapter: DiscordAdapter, recorder: Recorder, gone: bool
) -> None:
    meant = server.world.say(channel, 8, "does it fit?")
    server.world.say(channel, 7, f"<@{BOT}> can you answer this?", reply_to=meant)
    await recorder.until(2)
    if gone:
        del server.world.messages[channel][meant]
    assert await texts(adapter, recorder) == ([] if gone else ["does it fit?"])
