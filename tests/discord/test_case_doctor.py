"""`doctor` says whether cases can be opened and worked in a channel."""

from __future__ import annotations

import pytest

from adapters.discord import plugin
from bot.ports import ChecksCaseChannels, Finding
from tests.discord.test_doctor import VARIABLES, section
from tests.servers.discord import DiscordServer
from tests.servers.discord.payloads import (
    ADD_REACTIONS,
    ATTACH_FILES,
    CREATE_PUBLIC_THREADS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS,
)
from tests.servers.discord.threads import REQUIRE_TAG


async def checked(server: DiscordServer, channel: object) -> list[Finding]:
    found = await plugin.check_case_channels(section(server), VARIABLES, [str(channel)])
    return [*found]


def test_discord_checks_channels_of_cases() -> None:
    assert isinstance(plugin, ChecksCaseChannels)


@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_a_channel_in_order_is_told(server: DiscordServer, kind: str) -> None:
    channel = server.world.text_channel() if kind == "text" else server.world.forum()
    (found,) = await checked(server, channel)
    assert found.state == "ok"
    assert found.found.endswith("cases can be opened and worked in")


@pytest.mark.parametrize(
    ("denied", "state", "text", "forum"),
    [
        (SEND_MESSAGES, "fail", "Send Messages", "Create Posts"),
        (READ_MESSAGE_HISTORY, "fail", "Read Message History", "Read Message History"),
        (CREATE_PUBLIC_THREADS, "fail", "Create Public Threads", ""),
        (SEND_MESSAGES_IN_THREADS, "fail", "Send Messages in Threads", "Send Messages in Posts"),
        (ADD_REACTIONS, "warn", "Add Reactions: no line", "Add Reactions: no line"),
        (ATTACH_FILES, "warn", "Attach Files: no file", "Attach Files: no file"),
    ],
)
async def test_a_permission_that_is_lacking_is_told_as_discord_calls_it(
    server: DiscordServer, denied: int, state: str, text: str, forum: str
) -> None:
    for channel, lacking in (
        (server.world.text_channel(denied=denied), text),
        (server.world.forum(denied=denied), forum),
    ):
        found, *_ = await checked(server, channel)  # who may not send may attach nothing either
        wanted = (state, True) if lacking else ("ok", True)
        assert (found.state, f"the bot lacks {lacking}" in found.found or not lacking) == wanted


async def test_a_channel_that_can_hold_no_threads_is_told(server: DiscordServer) -> None:
    (found,) = await checked(server, server.world.voice_channel())
    assert (found.state, "can hold no threads" in found.found) == ("fail", True)


@pytest.mark.parametrize("channel", ["12345678901234567", "C0123"])
async def test_a_channel_that_does_not_exist_is_told(server: DiscordServer, channel: str) -> None:
    (found,) = await checked(server, channel)
    assert found.found == f"the cases channel {channel} does not exist"


async def test_a_channel_that_is_hidden_is_told(server: DiscordServer) -> None:
    channel = server.world.text_channel()
    server.world.hidden.add(channel)
    (found,) = await checked(server, channel)
    assert found.found.endswith("the bot lacks View Channel")


async def test_a_forum_whose_tags_are_all_for_moderators_is_told(server: DiscordServer) -> None:
    forum = server.world.forum()
    described = server.world.channels[forum]
    described["flags"] = REQUIRE_TAG
    tag = {"id": "5", "name": "x", "moderated": True, "emoji_id": None, "emoji_name": None}
    described["available_tags"] = [tag]
    (found,) = await checked(server, forum)
    assert (found.state, "wants a tag for each post" in found.found) == ("fail", True)
    described["available_tags"] = [tag | {"moderated": False}]
    (found,) = await checked(server, forum)
    assert found.state == "ok"


async def test_lines_that_cannot_be_read_are_told_with_what_works_nevertheless(
    server: DiscordServer,
) -> None:
    server.world.application_flags = 0
    found, _ = await checked(server, server.world.text_channel())
    assert found.state == "warn"
    assert "`!send` sends nothing" in found.found
    assert "Reply, /reply and Send to customer work" in found.found
    assert "Message Content Intent" in found.remedy
