"""The client against simcord, which judges permissions and payloads as Discord does."""

from __future__ import annotations

import discord
import pytest
import simcord

from adapters.discord.client import FrontdeskClient
from adapters.discord.config import DiscordConfig
from adapters.discord.poster import Poster
from adapters.discord.retrying_intake import RetryingIntake
from bot.messages import Addressing, Button, Event, Offer, Pressed
from tests.discord.desk import Attempt, parts


def make_bot() -> FrontdeskClient:
    """Make a bot that offers a button to everybody who speaks to it, and repeats what it hears."""

    async def accept(event: Event) -> bool:
        if isinstance(event, Pressed):
            reply = parts(f"You chose {event.button}: {event.message.text}")
        elif event.message.addressing is Addressing.AMBIENT:
            return False
        else:
            reply = parts(f"You said: {event.message.text}", Offer((Button("b_1", "Yes"),)))
        await Poster(client, DiscordConfig()).post(Attempt(event), reply)
        return True

    client = FrontdeskClient(RetryingIntake(accept), DiscordConfig())
    return client  # accept posts through it


@pytest.fixture
def simcord_bot() -> FrontdeskClient:
    """What the fixture `simcord_env` of simcord's own plugin runs."""
    return make_bot()


@pytest.fixture
def env(simcord_env: simcord.Env) -> simcord.Env:
    return simcord_env


def texts(channel: simcord.ChannelHandle) -> list[str]:
    return [message.content for message in channel.history()]


async def test_mention_is_answered_in_a_thread_and_followed_up_there(env: simcord.Env) -> None:
    guild = env.create_guild()
    channel = guild.create_text_channel("help")
    alice = guild.add_member(env.create_user("alice"))

    asked = await alice.send(channel, f"<@{env.bot.user.id}> where is my order?")
    (thread,) = channel.threads
    assert thread.id == asked.id
    assert thread.name == "where is my order?"
    await alice.send(thread, "and the other one?")

    assert "You said: where is my order?" in texts(thread)
    assert texts(thread)[-1] == "You said: and the other one?"


async def test_without_the_permission_to_open_threads_it_replies_on_the_spot(
    env: simcord.Env,
) -> None:
    guild = env.create_guild()
    denied = discord.PermissionOverwrite(create_public_threads=False)
    channel = guild.create_text_channel("strict", overwrites={env.bot.user: denied})
    alice = guild.add_member(env.create_user("alice"))

    asked = await alice.send(channel, f"<@{env.bot.user.id}> hello")

    assert channel.threads == []
    reply = channel.last_message
    assert reply.content == "You said: hello"
    assert reply.reference.message_id == asked.id


async def test_direct_message_is_answered(env: simcord.Env) -> None:
    alice = env.create_user("alice")
    await alice.send_dm("where is my order?")
    assert alice.dm_channel.last_message.content == "You said: where is my order?"


async def test_press_is_acknowledged_and_answered_after_a_restart(env: simcord.Env) -> None:
    guild = env.create_guild()
    channel = guild.create_text_channel("help")
    alice = guild.add_member(env.create_user("alice"))
    await alice.send(channel, f"<@{env.bot.user.id}> hello")
    (thread,) = channel.threads
    offer = thread.last_message
    assert env.bot.persistent_views == []  # nothing is kept for each button ever shown

    await env.restart_bot(make_bot())
    result = await alice.click(offer, custom_id="frontdesk:b_1")

    assert result.acknowledged
    assert thread.last_message.content == "You chose b_1: Yes"


async def test_talk_between_people_is_left_alone(env: simcord.Env) -> None:
    guild = env.create_guild()
    channel = guild.create_text_channel("help")
    alice = guild.add_member(env.create_user("alice"))
    await alice.send(channel, "nice weather, @everyone")
    assert texts(channel) == ["nice weather, @everyone"]
