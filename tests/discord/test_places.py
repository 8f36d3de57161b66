"""Channels and people are named for staff."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordAdapter
from bot.errors import ServiceUnavailable
from bot.ports import KnowsPlaces
from tests.discord.desk import adapter_of
from tests.servers.discord import DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.world import BOT


def test_discord_knows_places(adapter: DiscordAdapter) -> None:
    assert isinstance(adapter, KnowsPlaces)


def test_a_channel_is_a_conversation_of_our_app(adapter: DiscordAdapter) -> None:
    assert str(adapter.place("20")) == f"discord:{BOT}:20"


def test_a_channel_is_no_conversation_before_the_login(server: DiscordServer) -> None:
    with pytest.raises(ServiceUnavailable):
        adapter_of(server).place("20")


async def test_a_person_has_their_display_name(
    server: DiscordServer, adapter: DiscordAdapter
) -> None:
    server.world.user(7, "ada")
    assert await adapter.name_of("discord:discord:7") == "Ada"


async def test_a_person_whom_discord_does_not_know_or_tell_has_no_name(
    server: DiscordServer, adapter: DiscordAdapter
) -> None:
    assert await adapter.name_of("discord:discord:12345") == ""
    assert await adapter.name_of("discord:discord:somebody") == ""
    server.faults.append(Fault("GET", "/users/7$", 503, times=9))
    assert await adapter.name_of("discord:discord:7") == ""
    assert await adapter_of(server).name_of("discord:discord:7") == ""
