"""The manifest asks for what the adapter needs, and the documentation says the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import structlog

from adapters.slack.manifest import (
    EVENTS,
    INDISPENSABLE,
    SCOPES,
    check_scopes,
    manifest,
    missing_scopes,
)
from bot.errors import AdapterError

DOCUMENT = (Path(__file__).parents[2] / "docs" / "slack.md").read_text(encoding="utf-8")


def test_manifest_names_every_scope_and_event_that_is_used() -> None:
    made = manifest("Trail Desk")
    scopes = made["oauth_config"]["scopes"]["bot"]
    assert {"app_mentions:read", "chat:write", "assistant:write"} <= set(scopes)
    assert {f"{kind}:history" for kind in ("channels", "groups", "im", "mpim")} <= set(scopes)
    assert made["settings"]["event_subscriptions"]["bot_events"] == [
        "app_mention",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
    ]
    assert made["settings"]["interactivity"]["is_enabled"] is True
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["features"]["app_home"]["messages_tab_read_only_enabled"] is False


def test_manifest_carries_the_name_and_is_json() -> None:
    made = json.loads(json.dumps(manifest("Trail Desk")))
    assert made["display_information"]["name"] == "Trail Desk"
    assert made["features"]["bot_user"]["display_name"] == "Trail Desk"


@pytest.mark.parametrize("name", ["", "x" * 36])
def test_name_that_slack_would_refuse_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 35 characters"):
        manifest(name)


def test_every_indispensable_scope_is_asked_for() -> None:
    assert SCOPES.keys() >= INDISPENSABLE


@pytest.mark.parametrize("scope", sorted(INDISPENSABLE))
def test_token_without_an_indispensable_scope_is_refused(scope: str) -> None:
    with pytest.raises(AdapterError, match=scope):
        check_scopes(missing_scopes(",".join(SCOPES.keys() - {scope})))


def test_token_without_another_scope_is_warned_about() -> None:
    with structlog.testing.capture_logs() as logs:
        check_scopes(missing_scopes(",".join(SCOPES.keys() - {"assistant:write"})))
    assert [(entry["event"], entry["scope"]) for entry in logs] == [
        ("slack.scope_missing", "assistant:write")
    ]


def test_untold_scopes_are_not_judged() -> None:
    assert missing_scopes("") == ()


def test_manifest_in_the_documentation_is_the_one_that_is_made() -> None:
    block = DOCUMENT.partition("```json\n")[2].partition("```")[0]
    assert json.loads(block) == manifest("Frontdesk")


@pytest.mark.parametrize("word", [*SCOPES, *EVENTS, "connections:write"])
def test_documentation_names_every_scope_and_event(word: str) -> None:
    assert f"`{word}`" in DOCUMENT
