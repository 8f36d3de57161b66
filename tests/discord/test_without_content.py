"""Without the Message Content intent the bot serves what Discord still lets it read."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from bot.messages import Addressing
from tests.discord.desk import Recorder, answer, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.gateway import MESSAGE_CONTENT
from tests.servers.discord.world import BOT


def deny(server: DiscordServer) -> None:
    server.gateway.portal_intents &= ~MESSAGE_CONTENT


async def test_it_connects_without_the_intent_and_says_what_is_missing(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    deny(server)
    with capture_logs() as logs:
        async with serving(server, recorder) as adapter:
            server.world.tell(7, "hello")
            await recorder.until(1)
            (limitation,) = adapter.limitations or ()
    (logged,) = (each for each in logs if each["event"] == "discord.message_content_missing")
    assert "switch on Message Content Intent" in logged["remedy"]
    assert "switch on Message Content Intent" in limitation


async def test_with_the_intent_nothing_is_missing(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    async with serving(server, recorder) as adapter:
        server.world.tell(7, "hello")
        await recorder.until(1)
        assert not adapter.limitations
        async with asyncio.timeout(10):
            while adapter.limitations is None:  # noqa: ASYNC110 - until the session is ready
                await asyncio.sleep(0.01)
        assert adapter.limitations == ()


async def test_direct_messages_mentions_and_replies_that_ping_are_served(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    deny(server)
    async with serving(server, recorder) as adapter:
        server.world.tell(7, "in private")
        asked = server.world.say(channel, 8, f"<@{BOT}> in the open")
        event = await recorder.received(2)
        await answer(adapter, event, "Here.")
        reply = server.world.posts[-1].message["id"]
        server.world.say(asked, 8, f"<@{BOT}> and now?", reply_to=int(reply))
        await recorder.until(3)
    texts = [(each.message.text, each.message.addressing) for each in recorder.events]
    assert texts == [
        ("in private", Addressing.DIRECT),
        ("in the open", Addressing.MENTION),
        ("and now?", Addressing.MENTION),
    ]


async def test_what_discord_empties_is_not_taken_for_an_empty_question(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    deny(server)
    async with serving(server, recorder) as adapter:
        asked = server.world.say(channel, 8, f"<@{BOT}> in the open")
        await answer(adapter, await recorder.received(1), "Here.")
        reply = int(server.world.posts[-1].message["id"])
        server.world.say(asked, 8, "without a mention")
        server.world.say(asked, 8, "a reply that does not ping", reply_to=reply)
        server.world.tell(7, "last")
        await recorder.until(2)
    assert [each.message.text for each in recorder.events] == ["in the open", "last"]


async def test_commands_are_served(server: DiscordServer, channel: int, recorder: Recorder) -> None:
    deny(server)
    async with serving(server, recorder):
        server.world.command(channel, 7, "status")
        event = await recorder.received(1)
    assert event.message.addressing is Addressing.COMMAND


async def test_an_intent_that_is_taken_away_while_serving_ends_nothing(
    server: DiscordServer, channel: int, recorder: Recorder
) -> None:
    async with serving(server, recorder) as adapter:
        deny(server)
        server.gateway.invalidate()
        await server.gateway.until(identified=2)
        server.world.tell(7, "still there?")
        await recorder.until(1)
        assert adapter.limitations
