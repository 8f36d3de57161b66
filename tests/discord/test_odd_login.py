"""What answers instead of Discord at login is an operator's to fix, never a bug of ours."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from adapters.discord import plugin
from adapters.discord.adapter import DiscordAdapter
from adapters.discord.config import DiscordConfig
from bot.config.schema import load_config
from bot.errors import AdapterError, ConfigError
from bot.ports import CanLink
from tests.discord.desk import Recorder, adapter_of, serving
from tests.servers.discord import TOKEN, DiscordServer
from tests.servers.discord.faults import Fault
from tests.servers.discord.world import BOT
from tests.slack.test_odd_login import ODD, answering


@pytest.mark.parametrize("odd", sorted(set(ODD) - {"another server"}))
async def test_odd_answer_to_the_login_names_the_setting(odd: str) -> None:
    async with answering({"anything": ODD[odd]}) as address:
        adapter = plugin.build(DiscordConfig(api_url=address), {"DISCORD_BOT_TOKEN": TOKEN})
        with pytest.raises(AdapterError, match=r"not Discord's.*discord\.api_url") as refused:
            async with asyncio.timeout(20):
                await adapter.run(Recorder().accept)
    assert TOKEN not in str(refused.value)


async def test_gateway_that_fails_at_login_is_worth_another_attempt(
    server: DiscordServer, recorder: Recorder
) -> None:
    server.faults.append(Fault("GET", r"/users/@me$", 502, times=6))
    async with serving(server, recorder):
        server.world.tell(7, "hello")
        await recorder.until(1)


@pytest.mark.parametrize("key", ["api_url", "gateway_url"])
@pytest.mark.parametrize("address", ["https://bot:s3cret@x.example/", "s3cret", "ws://a:s3cret@b"])
def test_address_that_is_none_or_holds_a_secret_is_refused_and_not_repeated(
    address: str, key: str, tmp_path: Path
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f'discord:\n  {key}: "{address}"\n')
    with pytest.raises(ConfigError) as error:
        load_config(path, {}).adapter_section(plugin)
    assert f"discord.{key}: " in str(error.value)
    assert "s3cret" not in str(error.value)


async def test_message_in_a_server_has_a_link_and_a_direct_one_has_none(
    server: DiscordServer, channel: int, recorder: Recorder, adapter: DiscordAdapter
) -> None:
    server.world.say(channel, 8, f"<@{BOT}> hi")
    await recorder.until(1)
    server.world.tell(7, "hello")
    await recorder.until(2)
    public, direct = (adapter.link(event.message) for event in recorder.events)
    assert public.startswith("https://discord.com/channels/")
    assert public.endswith(f"/{channel}/{recorder.events[0].message.id.rpartition(':')[2]}")
    assert direct == ""
    assert isinstance(adapter, CanLink)
    assert adapter_of(server).link(recorder.events[0].message) == ""
