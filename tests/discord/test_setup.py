"""The section of config.yaml, and the token."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.discord import plugin
from adapters.discord.config import DiscordConfig
from bot.errors import AdapterError
from bot.ports import Adapter, AdapterPlugin
from tests.servers.discord import TOKEN
from tests.servers.discord.payloads import EVERYTHING_A_BOT_NEEDS

DOCS = Path(__file__).parents[2] / "docs" / "discord.md"


def test_plugin_is_an_adapter_plugin_that_builds_an_adapter() -> None:
    contract: AdapterPlugin = plugin
    adapter: Adapter = contract.build(DiscordConfig(), {"DISCORD_BOT_TOKEN": f" {TOKEN}\n"})
    assert contract.name == adapter.name == "discord"


def test_missing_token_says_where_to_get_one() -> None:
    with pytest.raises(AdapterError, match=r"SHOP_TOKEN is not set.*applications.*Reset Token"):
        plugin.build(DiscordConfig(token_env="SHOP_TOKEN"), {})


@pytest.mark.parametrize(
    "token", ["Bot " + TOKEN, f'"{TOKEN}"', TOKEN[:-20], "client-secret", "a.b.c", TOKEN + " x"]
)
def test_malformed_token_says_how_one_looks_and_is_not_repeated(token: str) -> None:
    with pytest.raises(AdapterError, match="three parts") as refused:
        plugin.build(DiscordConfig(), {"DISCORD_BOT_TOKEN": token})
    assert token not in str(refused.value)


def test_unknown_setting_is_a_mistake() -> None:
    with pytest.raises(ValidationError, match="tokenenv"):
        DiscordConfig.model_validate({"tokenenv": "X"})


def test_section_of_another_adapter_is_a_bug() -> None:
    with pytest.raises(TypeError, match="not a DiscordConfig"):
        plugin.build(object(), {})


def test_docs_explain_every_setting() -> None:
    explained = DOCS.read_text(encoding="utf-8")
    for name in DiscordConfig.model_fields:
        assert f"`{name}`" in explained


def test_invitation_in_the_docs_asks_for_the_permissions_that_the_bot_uses() -> None:
    asked = re.search(r"permissions=(\d+)", DOCS.read_text(encoding="utf-8"))
    assert asked is not None
    assert int(asked[1]) == EVERYTHING_A_BOT_NEEDS
