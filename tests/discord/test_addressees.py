"""Whom a message speaks to beside the bot, and what counts as said to it."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.messages import Addressing
from tests.discord.desk import Recorder, answer, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT


@pytest.mark.usefixtures("adapter")
async def test_people_and_roles_that_a_text_names_are_told(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    server.world.user(8, "bob")
    server.world.say(channel, 7, f"<@{BOT}> ask <@8> or <@&55>, not <#{channel}>")
    event = await recorder.received()
    assert event.message.to.people == ("discord:discord:8", "discord:discord:55")


@pytest.mark.usefixtures("adapter")
async def test_a_reply_names_its_person_and_its_message(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    other = server.world.say(channel, 8, "mine leaks, too")
    server.world.say(channel, 7, "since when?", reply_to=other)
    await recorder.until(2)
    message = recorder.events[1].message
    assert (message.to.reply_to, message.to.parent) == ("discord:discord:8", str(other))
    assert message.addressing is Addressing.AMBIENT


async def test_a_reply_to_the_bot_is_one_to_no_person(
    server: DiscordServer, adapter: DiscordAdapter, recorder: Recorder
) -> None:
    lounge = server.world.voice_channel()
    server.world.say(lounge, 7, f"<@{BOT}> hello")
    await answer(adapter, await recorder.received(1), "Hello!")
    shown = int(server.world.posts[0].message["id"])
    server.world.say(lounge, 8, "and me?", reply_to=shown)
    message = (await recorder.received(2)).message
    assert (message.to.reply_to, message.to.parent) == ("", str(shown))


@pytest.mark.usefixtures("adapter")
async def test_a_mention_in_the_text_alone_is_a_mention(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    emit = server.world.emit
    server.world.emit = lambda name, data: emit(name, data | {"mentions": []})
    server.world.say(channel, 7, f"<@!{BOT}> where is my order?")
    event = await recorder.received()
    assert event.message.addressing is Addressing.MENTION
    assert event.message.text == "where is my order?"


@pytest.mark.usefixtures("adapter")
async def test_the_first_message_of_a_forum_post_is_ambient(
    server: DiscordServer, recorder: Recorder
) -> None:
    forum = server.world.forum()
    post = server.world.thread(forum, name="Broken zip")
    server.world.say(post, 7, "the zip of my tent is broken", number=post)
    event = await recorder.received()
    assert event.message.addressing is Addressing.AMBIENT
    assert event.message.conversation == f"discord:{BOT}:{forum}:{post}"


async def test_a_chosen_bot_may_ask(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    async with serving(server, recorder, bots=[66, "68"]):
        for number in (66, 67):
            server.world.user(number, "otherbot", bot=True)
            server.world.say(channel, number, f"<@{BOT}> which orders are late?")
        server.world.say(channel, 68, f"<@{BOT}> and from a webhook?", webhook=True)
        await recorder.until(2)
    authors = [event.message.author for event in recorder.events]
    assert [author.key for author in authors] == ["discord:discord:66", "discord:discord:68"]
    assert all(author.bot for author in authors)


async def test_another_frontdesk_is_never_answered(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    button = {"type": 2, "style": 1, "label": "Yes", "custom_id": "frontdesk:1"}
    row = {"type": 1, "components": [button]}
    async with serving(server, recorder, bots=["66"]):
        server.world.user(66, "otherbot", bot=True)
        server.world.say(channel, 66, f"<@{BOT}> is it this one?", components=(row,))
        server.world.tell(7, "done")
        await recorder.until(1)
    assert len(recorder.offered) == 1
