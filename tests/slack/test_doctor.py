"""`doctor` names the first missing step on the way to Slack, and what to click."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from adapters.slack.config import CONFIG_TOKEN_VARIABLE, SlackConfig
from adapters.slack.manifest import manifest
from adapters.slack.plugin import plugin
from bot.ports import Finding
from tests.servers.slack import SlackServer
from tests.servers.slack.workspace import ALL_SCOPES
from tests.slack.conftest import environment, section


async def examined(
    slack: SlackServer, variables: Mapping[str, str] | None = None, **settings: object
) -> list[Finding]:
    """Return what `doctor` finds that is not in order."""
    there = environment(slack) | dict(variables or {})
    findings = await plugin.doctor(section(slack, **settings), there, offline=False)
    return [each for each in findings if each.state != "ok"]


async def compared(slack: SlackServer, **features: object) -> list[Finding]:
    """Return how the app's manifest differs when it has other features or settings."""
    made = manifest("Frontdesk")
    for key, value in features.items():
        part = "settings" if key in made["settings"] else "features"
        made[part][key] = value
    slack.workspace.manifest = made
    return await examined(slack, {CONFIG_TOKEN_VARIABLE: slack.workspace.config_token})


async def test_an_app_that_is_in_order_has_no_findings(slack: SlackServer) -> None:
    assert await compared(slack) == []
    channels = await plugin.check_channels(section(slack), environment(slack), ["C1"])
    assert [each.state for each in channels] == ["ok"]


async def test_tokens_that_are_swapped_are_named_both(slack: SlackServer) -> None:
    here = slack.workspace
    swapped = {"SLACK_BOT_TOKEN": here.app_token, "SLACK_APP_TOKEN": here.bot_token}
    (found,) = await examined(slack, swapped)
    assert found.state == "fail"
    assert "SLACK_BOT_TOKEN holds something else than a bot token" in found.found
    assert "SLACK_APP_TOKEN holds something else than a app-level token" in found.found
    assert "docs/slack.md, steps 2 to 4" in found.remedy


async def test_a_bot_token_that_was_revoked_is_named_with_where_to_install(
    slack: SlackServer,
) -> None:
    slack.workspace.revoked.add(slack.workspace.bot_token)
    (found,) = await examined(slack)
    assert found.state == "fail"
    assert "token_revoked" in found.found
    assert "install the app again" in found.found
    assert "step 2" in found.remedy


async def test_a_scope_without_which_nothing_works_is_named(slack: SlackServer) -> None:
    slack.workspace.scopes = ALL_SCOPES.replace("chat:write,", "")
    (found,) = await examined(slack)
    assert found.state == "fail"
    assert "lacks the scopes chat:write" in found.found
    assert "OAuth & Permissions -> Scopes" in found.found


async def test_a_scope_without_which_it_serves_in_part_is_named_with_what_it_is_for(
    slack: SlackServer,
) -> None:
    slack.workspace.scopes = ALL_SCOPES.replace("groups:history,", "")
    (found,) = await examined(slack)
    assert found.state == "warn"
    assert found.found.endswith(
        "groups:history: the bot cannot follow up in threads of private channels"
    )
    assert "OAuth & Permissions -> Scopes" in found.remedy


@pytest.mark.parametrize("scope", ["files:read", "files:write", "reactions:write"])
async def test_a_scope_that_cases_need_is_named(slack: SlackServer, scope: str) -> None:
    slack.workspace.scopes = ALL_SCOPES.replace(f"{scope},", "")
    (found,) = await examined(slack)
    assert found.state == "warn"
    assert f"lacks the scope {scope}" in found.found
    assert "OAuth & Permissions -> Scopes" in found.remedy


async def test_an_app_level_token_without_its_scope_is_named(slack: SlackServer) -> None:
    slack.workspace.app_scopes = "authorizations:read"
    (found,) = await examined(slack)
    assert found.state == "fail"
    assert "the scope connections:write is missing" in found.found
    assert "Basic Information -> App-Level Tokens" in found.found
    assert "step 3" in found.remedy


async def test_socket_mode_that_is_switched_off_is_named(slack: SlackServer) -> None:
    slack.workspace.socket_mode = False
    (found,) = await examined(slack)
    assert (found.state, found.found) == ("fail", "Socket Mode is switched off")
    assert found.remedy.endswith("Socket Mode -> Enable")


async def test_a_websocket_that_the_network_does_not_let_through_is_named(
    slack: SlackServer,
) -> None:
    slack.sockets.refusing = 1
    (found,) = await examined(slack)
    assert found.state == "fail"
    assert "the websocket of Socket Mode does not open" in found.found
    assert "firewall" in found.remedy


async def test_tokens_of_two_apps_are_named_where_the_scopes_let_us_see_it(
    slack: SlackServer,
) -> None:
    slack.workspace.app_of_bot = "A2"
    slack.workspace.scopes = f"{ALL_SCOPES},users:read"
    (found,) = await examined(slack)
    assert found.state == "fail"
    assert found.found == "the bot token is of the app A2, the app-level token of A1"


@pytest.mark.parametrize(
    ("channel", "code", "click"),
    [("C3", "not_in_channel", "/invite"), ("C9", "channel_not_found", "/invite")],
)
async def test_a_staff_channel_that_the_bot_is_not_in_is_named(
    slack: SlackServer, channel: str, code: str, click: str
) -> None:
    (found,) = await plugin.check_channels(section(slack), environment(slack), [channel])
    assert (found.state, found.found) == ("fail", f"the channel {channel}: {code}")
    assert click in found.remedy


async def test_an_event_that_the_app_does_not_subscribe_to_is_named(slack: SlackServer) -> None:
    heard = ["app_mention", "message.channels", "message.groups", "message.mpim"]
    (found,) = await compared(slack, event_subscriptions={"bot_events": heard})
    assert (found.state, found.found) == ("fail", "the app lacks the event message.im")
    assert "Event Subscriptions -> Subscribe to bot events" in found.remedy


async def test_interactivity_that_is_switched_off_is_named(slack: SlackServer) -> None:
    (found,) = await compared(slack, interactivity={"is_enabled": False})
    assert found.state == "fail"
    assert "buttons do nothing" in found.found
    assert found.remedy.endswith("Interactivity & Shortcuts -> On")


async def test_direct_messages_that_are_switched_off_are_named(slack: SlackServer) -> None:
    (found,) = await compared(slack, app_home={"messages_tab_enabled": False})
    assert (found.state, found.found) == ("fail", "the app lacks direct messages")
    assert "App Home -> Show Tabs" in found.remedy


async def test_a_command_that_the_app_does_not_have_is_named(slack: SlackServer) -> None:
    found = await compared(slack, slash_commands=[])
    assert ("warn", "the app lacks the command /frontdesk") in [
        (each.state, each.found) for each in found
    ]
    assert all("Slash Commands -> Create New Command" in each.remedy for each in found)


async def test_a_configuration_token_that_has_expired_is_named(slack: SlackServer) -> None:
    (found,) = await examined(slack, {CONFIG_TOKEN_VARIABLE: "xoxe.xoxp-1-expired"})
    assert found.state == "warn"
    assert "invalid_auth" in found.found
    assert "Your App Configuration Tokens" in found.remedy


async def test_an_address_that_is_not_slacks_is_named(slack: SlackServer) -> None:
    (found,) = await examined(slack, api_url=f"{slack.base}/elsewhere/")
    assert found.state == "fail"
    assert "slack.api_url" in found.found


async def test_the_environment_names_the_address_and_doctor_shows_it(slack: SlackServer) -> None:
    there = environment(slack) | {"FRONTDESK_SLACK_API": slack.api_url.rstrip("/")}
    elsewhere = SlackConfig(api_url="http://127.0.0.1:9/api/")
    findings = await plugin.doctor(elsewhere, there, offline=False)
    assert findings[0].found == f"requests go to {slack.api_url} (FRONTDESK_SLACK_API)"
    assert [each.state for each in findings] == ["ok"] * len(findings)


@pytest.mark.parametrize("address", ["http://slack.example.org/api/", "slack.com", "ws://x/"])
async def test_an_address_that_is_neither_https_nor_loopback_is_refused(address: str) -> None:
    there = {"FRONTDESK_SLACK_API": address}
    (found,) = await plugin.doctor(SlackConfig(), there, offline=True)
    assert found.state == "fail"
    assert found.found.startswith("FRONTDESK_SLACK_API ")
    with pytest.raises(Exception, match="FRONTDESK_SLACK_API"):
        plugin.build(SlackConfig(), there)


async def test_an_address_in_config_that_is_not_encrypted_is_warned_about() -> None:
    plain = SlackConfig(api_url="http://slack.example.org/api/")
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    warned, _ = await plugin.doctor(plain, tokens, offline=True)
    assert (warned.state, warned.found) == (
        "warn",
        "requests go to http://slack.example.org/api/ (`slack.api_url`), unencrypted",
    )
