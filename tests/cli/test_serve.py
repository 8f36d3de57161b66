"""`serve`, with the real Slack client against a local Slack."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

import pytest

from tests.cli.command import Frontdesk
from tests.servers.slack import SlackServer
from tests.servers.slack.faults import Fault

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-valid", "SLACK_APP_TOKEN": "xapp-1-valid"}


def test_without_a_platform_it_says_what_to_add(trained: Frontdesk) -> None:
    ran = trained("serve")
    assert (ran.code, ran.out) == (1, "")
    assert "slack: {}" in ran.err
    assert "DISCORD_BOT_TOKEN" in ran.err


def test_missing_tokens_of_all_platforms_are_named_at_once(copied: Frontdesk) -> None:
    (copied.folder / "config.yaml").write_text("slack: {}\ndiscord: {}\n")
    ran = copied("serve")
    assert (ran.code, ran.out) == (1, "")
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DISCORD_BOT_TOKEN"):
        assert name in ran.err


def test_malformed_token_is_refused_without_being_shown(copied: Frontdesk) -> None:
    (copied.folder / "config.yaml").write_text("slack: {}\n")
    environment = {**copied.environment, **TOKENS, "SLACK_BOT_TOKEN": "hunter2"}
    ran = Frontdesk(copied.folder, environment)("serve")
    assert ran.code == 1
    assert "SLACK_BOT_TOKEN" in ran.err
    assert "hunter2" not in ran.err


def test_unknown_platform_is_answered_with_the_right_one(copied: Frontdesk) -> None:
    (copied.folder / "config.yaml").write_text("slak: {}\n")
    ran = copied("serve")
    assert ran.code == 1
    assert 'did you mean "slack"?' in ran.err


def test_adapters_bring_commands_of_their_own(frontdesk: Frontdesk) -> None:
    ran = frontdesk("slack", "manifest")
    assert ran.code == 0
    assert "socket_mode_enabled" in ran.out


def test_adapter_without_commands_is_no_command(frontdesk: Frontdesk) -> None:
    assert frontdesk("terminal", "manifest").code == 2


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
async def test_messages_are_answered_until_a_signal_ends_it(
    copied: Frontdesk, ending: signal.Signals
) -> None:
    async with SlackServer() as slack:
        process = await _serve(copied, slack)
        await _until(lambda: slack.sockets.sockets)
        slack.say("are you open today?", user="U7", channel="D7")
        await _until(lambda: "9 am to 6 pm" in str(slack.workspace.posts))
        process.send_signal(ending)
        _, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, err.decode()
    assert b"serving slack" in err
    assert b"are you open" not in err
    assert (copied.folder / ".frontdesk" / "frontdesk.db").exists()


async def test_revoked_token_ends_with_the_remedy(copied: Frontdesk) -> None:
    async with SlackServer() as slack:
        slack.faults.order("auth.test", Fault(error="token_revoked"))
        process = await _serve(copied, slack)
        _, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert b"frontdesk: slack" in err
    assert b"Traceback" not in err


async def _serve(frontdesk: Frontdesk, slack: SlackServer) -> asyncio.subprocess.Process:
    """Start the command against a local Slack."""
    (frontdesk.folder / "config.yaml").write_text(f"slack:\n  api_url: {slack.api_url}\n")
    return await asyncio.create_subprocess_exec(
        *frontdesk.command,
        "serve",
        cwd=frontdesk.folder,
        env={**frontdesk.environment, **TOKENS},
        stderr=asyncio.subprocess.PIPE,
    )


async def _until(condition: Callable[[], object]) -> None:
    """Wait for something to come true."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.02)
