"""Discord, the whole road: from an event on the gateway to a post in the thread."""

from __future__ import annotations

from pathlib import Path

from bot.config.schema import Config
from tests.discord.desk import adapter_of
from tests.end_to_end.conftest import serving, until
from tests.servers.discord import DiscordServer


async def test_two_hundred_events_three_times_each_get_two_hundred_replies(
    trained: Config, tmp_path: Path
) -> None:
    async with DiscordServer() as discord, serving(trained, tmp_path, adapter_of(discord)):
        await discord.gateway.until(identified=1)
        said = []
        for number in range(200):
            said.append(discord.world.tell(100 + number, f"where is my order {number}?"))
            discord.world.redeliver(said[-1])
        discord.gateway.ask_to_reconnect()
        await discord.gateway.until(resumed=1)
        for message in said:
            discord.world.redeliver(message)
        discord.world.tell(99, "how do I send this back")
        await until(lambda: len(discord.world.posts) >= 201)
        contents = [post.message["content"] for post in discord.world.posts]
        assert len(contents) == 201
        assert contents.count("Look under *My orders*.") == 200


async def test_a_mention_is_answered_in_a_thread_that_goes_on(
    trained: Config, tmp_path: Path
) -> None:
    async with DiscordServer() as discord, serving(trained, tmp_path, adapter_of(discord)):
        await discord.gateway.until(identified=1)
        channel = discord.world.text_channel()
        bot = discord.world.bot["id"]
        question = discord.world.say(channel, 7, f"<@{bot}> where is my order?")
        discord.world.say(channel, 7, "lovely weather today")
        await until(lambda: len(discord.world.posts) == 1)
        discord.world.say(question, 7, "how do I send this back")
        await until(lambda: len(discord.world.posts) == 2)
        assert [post.message["channel_id"] for post in discord.world.posts] == [str(question)] * 2
