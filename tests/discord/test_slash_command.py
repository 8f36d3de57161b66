"""`/frontdesk` as a command of Discord's own."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.answering.wording import BUILT_IN
from bot.errors import StorageError
from bot.messages import Addressing, Say, Visibility
from tests.discord.desk import Recorder, answer, response_to, serving
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.payloads import Json
from tests.servers.discord.world import BOT, BOT_ROLE

MESSAGE, DEFERRED = 4, 5
EPHEMERAL = 1 << 6
PAUSED = Say("Paused everywhere.", Visibility.PRIVATE)


async def registered(server: DiscordServer) -> Json:
    """Wait until Discord knows the command of staff; return it."""
    async with asyncio.timeout(10):
        while not server.world.commands:
            await server.requested()
    return next(each for each in server.world.commands if each["name"] == "frontdesk")


_PERMISSION = "default_member_permissions"


async def use(server: DiscordServer, channel: int, user: int, verb: str) -> int:
    await registered(server)
    return server.world.command(channel, user, verb)


async def test_the_command_is_registered_with_its_permission_when_a_session_begins(
    server: DiscordServer, adapter: DiscordAdapter
) -> None:
    command = await registered(server)
    assert command["name"] == "frontdesk"
    assert int(command["default_member_permissions"]) == 1 << 5  # MANAGE_GUILD
    assert [each["name"] for each in command["options"]] == ["pause", "resume", "why", "status"]
    of_staff = {each["name"] for each in server.world.commands if each.get(_PERMISSION)}
    assert of_staff == {"frontdesk", "reply", "Send to customer"}


async def test_the_permission_that_shows_the_command_can_be_chosen(
    server: DiscordServer, recorder: Recorder
) -> None:
    async with serving(server, recorder, command_permission=""):
        assert (await registered(server))["default_member_permissions"] is None
    with pytest.raises(ValueError, match="no permission 'boss'"):
        async with serving(server, recorder, command_permission="boss"):
            pass


async def test_a_command_is_stored_as_a_message_with_the_roles_of_its_author(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    await registered(server)
    server.world.roles_of[7] = (BOT_ROLE,)
    interaction = server.world.command(channel, 7, "pause", {"where": "here"})
    message = (await recorder.received()).message
    assert message.id == f"discord:{BOT}:{channel}:command:{interaction}"
    assert message.conversation == f"discord:{BOT}:{channel}"
    assert message.text == "/frontdesk pause here"
    assert message.author.roles == (str(BOT_ROLE),)
    assert message.addressing is Addressing.COMMAND


async def test_the_answer_is_seen_by_its_author_alone(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    interaction = await use(server, channel, 7, "pause")
    event = await recorder.received()
    response = await response_to(server, interaction)
    await answer(adapter, event, PAUSED)
    assert event.message.text == "/frontdesk pause all"
    assert (response["type"], response["data"]["flags"]) == (DEFERRED, EPHEMERAL)
    edits = server.world.interactions[interaction].edits
    assert [edit["content"] for edit in edits] == ["Paused everywhere."]
    assert server.world.posts == []


@pytest.mark.parametrize(
    ("name", "verb", "typed"),
    [("frontdesk", "lunch", "/frontdesk lunch"), ("order", "", "/order")],
)
async def test_a_command_that_nobody_registered_is_answered_to_its_author_alone(
    server: DiscordServer,
    adapter: DiscordAdapter,
    channel: int,
    recorder: Recorder,
    name: str,
    verb: str,
    typed: str,
) -> None:
    await registered(server)
    interaction = server.world.command(channel, 7, verb, name=name)
    event = await recorder.received()
    response = await response_to(server, interaction)
    await answer(adapter, event, Say("I do not know that.", Visibility.PRIVATE))
    assert event.message.text == typed
    assert (response["type"], response["data"]["flags"]) == (DEFERRED, EPHEMERAL)
    edits = server.world.interactions[interaction].edits
    assert [edit["content"] for edit in edits] == ["I do not know that."]
    assert server.world.posts == []


async def test_a_command_that_cannot_be_stored_is_said_to_have_failed(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    recorder.failures.append(StorageError("away"))
    interaction = await use(server, channel, 7, "status")
    response = await response_to(server, interaction)
    assert (response["type"], response["data"]["flags"]) == (MESSAGE, EPHEMERAL)
    assert (
        response["data"]["content"] == BUILT_IN["try_again"]["de"]
    )  # the language of their Discord
    assert recorder.events == []


async def test_another_process_answers_as_privately(
    server: DiscordServer, adapter: DiscordAdapter, channel: int, recorder: Recorder
) -> None:
    interaction = await use(server, channel, 7, "pause")
    event = await recorder.received()
    await response_to(server, interaction)
    async with serving(server, Recorder()) as other:
        await answer(other, event, PAUSED)
    edits = server.world.interactions[interaction].edits
    assert [edit["content"] for edit in edits] == ["Paused everywhere."]
    assert server.world.posts == []


async def test_a_server_that_takes_no_commands_hears_the_bot_nevertheless(
    server: DiscordServer, recorder: Recorder
) -> None:
    server.faults.append(Fault("PUT", r"/commands$", 403))
    async with serving(server, recorder):
        server.world.tell(7, "hello")
        assert (await recorder.received()).message.text == "hello"
    assert server.world.commands == []


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        (None, "/frontdesk why"),
        ("175928847299117063", "/frontdesk why 175928847299117063 1462015105.796"),
        (
            "https://discord.com/channels/1/20/175928847299117063",
            "/frontdesk why 20/175928847299117063 1462015105.796",
        ),
        ("that one", "/frontdesk why that one"),
    ],
)
async def test_staff_ask_why_about_a_message(
    server: DiscordServer,
    adapter: DiscordAdapter,
    channel: int,
    recorder: Recorder,
    named: str | None,
    meant: str,
) -> None:
    await registered(server)
    server.world.command(channel, 7, "why", {"message": named} if named else None)
    assert (await recorder.received()).message.text == meant
