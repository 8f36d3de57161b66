"""`doctor` names the first missing step on the way to Discord, and what to click."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from adapters.discord import plugin
from adapters.discord.config import DiscordConfig
from adapters.discord.diagnostics import PERMISSIONS, invitation
from bot.errors import AdapterError
from bot.ports import Finding
from tests.servers.discord import TOKEN, DiscordServer
from tests.servers.discord.payloads import (
    CREATE_PUBLIC_THREADS,
    EVERYTHING_A_BOT_NEEDS,
    SEND_MESSAGES,
    VIEW_CHANNEL,
)
from tests.servers.discord.world import BOT

VARIABLES = {"DISCORD_BOT_TOKEN": TOKEN}


def section(server: DiscordServer, **settings: object) -> DiscordConfig:
    addresses = {"api_url": server.api_url, "gateway_url": server.gateway_url}
    return DiscordConfig.model_validate(addresses | settings)


async def examined(
    server: DiscordServer, variables: Mapping[str, str] = VARIABLES, **settings: object
) -> list[Finding]:
    """Return what `doctor` finds that is not in order."""
    findings = await plugin.doctor(section(server, **settings), variables, offline=False)
    return [each for each in findings if each.state != "ok"]


async def checked(server: DiscordServer, channel: object) -> Finding:
    (found,) = await plugin.check_channels(section(server), VARIABLES, [str(channel)])
    return found


async def test_a_bot_that_is_in_order_has_no_findings(server: DiscordServer, channel: int) -> None:
    assert await examined(server) == []
    assert (await checked(server, channel)).state == "ok"


async def test_a_token_that_is_none_is_named_with_where_to_get_one(server: DiscordServer) -> None:
    (found,) = await examined(server, {"DISCORD_BOT_TOKEN": "the-client-secret"})
    assert found.state == "fail"
    assert "holds no bot token" in found.found
    assert "Bot -> Reset Token" in found.found


async def test_a_token_that_was_reset_is_named_with_where_to_get_one(server: DiscordServer) -> None:
    server.gateway.token = "another"
    (found,) = await examined(server)
    assert found.state == "fail"
    assert "Discord refuses the token in DISCORD_BOT_TOKEN" in found.found
    assert "Bot -> Reset Token" in found.found
    assert "step 3" in found.remedy


async def test_an_intent_that_is_switched_off_is_named_with_its_switch(
    server: DiscordServer, channel: int
) -> None:
    server.world.application_flags = 0
    (found,) = await examined(server)
    assert found.state == "warn"
    assert "the bot may not read all messages" in found.found
    assert "switch on Message Content Intent" in found.remedy


async def test_a_bot_that_was_not_invited_gets_the_link(server: DiscordServer) -> None:
    server.world.invited = False
    (found,) = await examined(server)
    assert (found.state, found.found) == ("fail", "the bot is in no server")
    assert f"client_id={BOT}" in found.remedy
    assert f"permissions={EVERYTHING_A_BOT_NEEDS}" in found.remedy


async def test_a_permission_that_channels_take_is_named_with_the_channels(
    server: DiscordServer,
) -> None:
    server.world.text_channel("help")
    server.world.text_channel("news", denied=CREATE_PUBLIC_THREADS)
    (found,) = await examined(server)
    assert found.state == "warn"
    assert found.found == "Outdoor shop: the bot lacks Create Public Threads in #news"
    assert "Edit Channel -> Permissions" in found.remedy


async def test_a_server_where_the_bot_sees_no_channel_is_named(server: DiscordServer) -> None:
    server.world.text_channel(denied=VIEW_CHANNEL)
    (found,) = await examined(server)
    assert found.state == "fail"
    assert found.found == "Outdoor shop: the bot sees no channel: it lacks View Channel"
    assert "client_id=" in found.remedy


async def test_a_staff_channel_where_the_bot_may_not_write_is_named(server: DiscordServer) -> None:
    found = await checked(server, server.world.text_channel(denied=SEND_MESSAGES))
    assert found.state == "fail"
    assert found.found.endswith("the bot lacks Send Messages")


async def test_a_staff_channel_that_the_bot_may_not_see_is_named(server: DiscordServer) -> None:
    hidden = server.world.text_channel()
    server.world.hidden.add(hidden)
    found = await checked(server, hidden)
    assert found.state == "fail"
    assert found.found.endswith("the bot lacks View Channel")


@pytest.mark.parametrize("channel", ["12345678901234567", "C0123"])
async def test_a_staff_channel_that_does_not_exist_is_named(
    server: DiscordServer, channel: str
) -> None:
    found = await checked(server, channel)
    assert (found.state, found.found) == ("fail", f"the channel {channel} does not exist")
    assert "developer mode" in found.remedy


async def test_a_gateway_that_the_network_does_not_let_through_is_named(
    server: DiscordServer, channel: int
) -> None:
    (found,) = await examined(server, gateway_url="ws://127.0.0.1:9/gateway")
    assert found.state == "fail"
    assert "the gateway does not open" in found.found
    assert "firewall" in found.remedy


async def test_a_discord_that_is_away_is_no_failure_of_the_setup(server: DiscordServer) -> None:
    (found,) = await examined(server, api_url="http://127.0.0.1:9/api/v10")
    assert found.state == "warn"
    assert "discordstatus" in found.remedy


async def test_the_environment_names_the_addresses_and_doctor_shows_them(
    server: DiscordServer, channel: int
) -> None:
    variables = VARIABLES | {
        "FRONTDESK_DISCORD_API": server.api_url,
        "FRONTDESK_DISCORD_GATEWAY": server.gateway_url,
    }
    elsewhere = DiscordConfig(api_url="http://127.0.0.1:9/api", gateway_url="ws://127.0.0.1:9/")
    findings = await plugin.doctor(elsewhere, variables, offline=False)
    assert [each.found for each in findings[:2]] == [
        f"requests go to {server.api_url} (FRONTDESK_DISCORD_API)",
        f"requests go to {server.gateway_url} (FRONTDESK_DISCORD_GATEWAY)",
    ]
    assert {each.state for each in findings} == {"ok"}


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("FRONTDESK_DISCORD_API", "http://discord.example.org/api/v10"),
        ("FRONTDESK_DISCORD_GATEWAY", "ws://discord.example.org/gateway"),
        ("FRONTDESK_DISCORD_GATEWAY", "https://gateway.discord.gg"),
    ],
)
async def test_an_address_that_is_neither_encrypted_nor_loopback_is_refused(
    variable: str, address: str
) -> None:
    (found,) = await plugin.doctor(DiscordConfig(), {variable: address}, offline=True)
    assert (found.state, found.found.split()[0]) == ("fail", variable)
    with pytest.raises(AdapterError, match=variable):
        plugin.build(DiscordConfig(), {variable: address})


def test_the_invitation_asks_for_the_permissions_that_the_bot_uses() -> None:
    assert f"permissions={EVERYTHING_A_BOT_NEEDS}" in invitation(1)
    assert len(PERMISSIONS) == 5
