"""Tokens that are missing or malformed are named, with the place to get them."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.slack.config import SlackConfig
from adapters.slack.plugin import plugin
from bot.errors import AdapterError

BOT, APP = "xoxb-1-secret", "xapp-1-secret"
GOOD = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}


def test_entry_point_gives_the_plugin() -> None:
    (entry,) = entry_points(group="frontdesk.adapters", name="slack")
    assert entry.load() is plugin


def test_adapter_is_built_from_two_tokens() -> None:
    assert plugin.build(SlackConfig(), GOOD).name == "slack"


def test_tokens_are_read_by_the_names_that_config_gives() -> None:
    section = SlackConfig(bot_token_env="SHOP_BOT", app_token_env="SHOP_APP")
    plugin.build(section, {"SHOP_BOT": BOT, "SHOP_APP": f" {APP}\n"})
    with pytest.raises(AdapterError, match=r"SHOP_BOT is not set"):
        plugin.build(section, GOOD)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"SLACK_BOT_TOKEN": ""}, r"SLACK_BOT_TOKEN is not set: .*xoxb-.*OAuth & Permissions"),
        ({"SLACK_BOT_TOKEN": "secret"}, r"SLACK_BOT_TOKEN holds something else.*xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxp-secret"}, r"SLACK_BOT_TOKEN holds something else.*xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxb-"}, r"SLACK_BOT_TOKEN holds something else"),
        ({"SLACK_BOT_TOKEN": f"{BOT} {APP}"}, r"SLACK_BOT_TOKEN holds something else"),
        ({"SLACK_APP_TOKEN": ""}, r"SLACK_APP_TOKEN is not set: .*xapp-.*connections:write"),
        ({"SLACK_APP_TOKEN": BOT}, r"SLACK_APP_TOKEN holds something else.*App-Level Tokens"),
    ],
)
def test_bad_token_is_named_with_its_remedy_and_not_shown(
    broken: dict[str, str], message: str
) -> None:
    with pytest.raises(AdapterError, match=message) as caught:
        plugin.build(SlackConfig(), GOOD | broken)
    assert "secret" not in str(caught.value)


def test_both_missing_tokens_are_named_at_once() -> None:
    with pytest.raises(AdapterError, match=r"SLACK_BOT_TOKEN[^\n]*\n[^\n]*SLACK_APP_TOKEN"):
        plugin.build(SlackConfig(), {})


def test_tokens_do_not_show_when_the_adapter_is_printed() -> None:
    adapter = plugin.build(SlackConfig(), GOOD)
    assert "secret" not in repr(vars(adapter))


def test_unknown_setting_is_refused() -> None:
    with pytest.raises(ValidationError, match="token"):
        SlackConfig.model_validate({"token": BOT})


@pytest.mark.parametrize("setting", SlackConfig.model_fields)
def test_every_setting_is_documented(setting: str) -> None:
    document = Path(__file__).parents[2] / "docs" / "slack.md"
    assert f"| `{setting}` |" in document.read_text(encoding="utf-8")
