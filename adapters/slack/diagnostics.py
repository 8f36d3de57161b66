"""What `doctor` checks of Slack: the steps of docs/slack.md, up to the first missing one.

A step that fails ends the check, since the later ones rest on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.common.addresses import check_address
from adapters.slack.auth import Account, app_of, sign_in
from adapters.slack.client import ask, web_client
from adapters.slack.config import (
    API_VARIABLE,
    CONFIG_TOKEN_VARIABLE,
    SlackConfig,
    Tokens,
    addressed,
    read_tokens,
)
from adapters.slack.drift import find_drift
from adapters.slack.errors import error_code
from adapters.slack.manifest import EMAIL_SCOPE, SCOPES, manifest
from adapters.slack.socket_mode import websocket_address
from bot.errors import AdapterError, ServiceUnavailable
from bot.ports import Finding

_ABOUT: Final = "slack"
_GREETING: Final = 10.0  # seconds for a websocket to open and greet

_APPS: Final = "https://api.slack.com/apps -> your app"
_AWAY: Final = "check the network and https://slack-status.com, then run this again"


async def examine(
    config: SlackConfig, environment: Mapping[str, str], *, offline: bool
) -> Sequence[Finding]:
    """Check tokens, scopes, the websocket and the manifest.

    Args:
        config: The section `slack:`.
        environment: Environment variables.
        offline: Make no requests.
    """
    findings: list[Finding] = []
    try:
        config = addressed(config, environment)
        if config.api_url != SlackConfig().api_url:
            findings.append(
                check_address(
                    _ABOUT,
                    "slack.api_url",
                    config.api_url,
                    environment=environment,
                    variable=API_VARIABLE,
                )
            )
        tokens = read_tokens(config, environment)
    except AdapterError as error:
        return [*findings, _failed(error, "set it in the environment: docs/slack.md, steps 2 to 4")]
    if offline:
        return [*findings, Finding(_ABOUT, "ok", "tokens are there")]
    try:
        findings += [each async for each in _online(config, tokens, environment)]
    except _MissingStep as missing:
        findings.append(missing.finding)
    return findings


async def examine_channels(
    config: SlackConfig, environment: Mapping[str, str], channels: Sequence[str]
) -> Sequence[Finding]:
    """Check that the bot can read and post in channels that the configuration names.

    Args:
        config: The section `slack:`.
        environment: Environment variables.
        channels: Ids of the channels.
    """
    client = web_client(read_tokens(config, environment).bot, addressed(config, environment))
    return [await _channel(client, channel) for channel in channels]


async def examine_emails(config: SlackConfig, environment: Mapping[str, str]) -> Sequence[Finding]:
    """Check the scope by which Slack tells addresses that it has verified.

    Args:
        config: The section `slack:`.
        environment: Environment variables.
    """
    client = web_client(read_tokens(config, environment).bot, addressed(config, environment))
    try:
        answer = await ask(client.auth_test(), "auth.test")
    except ServiceUnavailable as error:
        return [_away(error)]
    except AdapterError as error:
        return [_failed(error, "the bot token: docs/slack.md, step 2")]
    scopes = str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(",")
    if EMAIL_SCOPE in scopes:
        return [Finding(_ABOUT, "ok", "addresses that Slack verified can be read")]
    return [
        Finding(
            _ABOUT,
            "fail",
            f"the bot token lacks the scope {EMAIL_SCOPE}: nobody is known by `platform_email`",
            f"{_APPS} -> OAuth & Permissions -> Scopes: add it, then install the app again; or "
            "take `platform_email` out of `proof.ways`",
        )
    ]


class _MissingStep(Exception):
    """A step without which the later ones cannot be checked."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.found)


async def _online(
    config: SlackConfig, tokens: Tokens, environment: Mapping[str, str]
) -> AsyncIterator[Finding]:
    client = web_client(tokens.bot, config)
    account = await _signed_in(client)
    yield Finding(_ABOUT, "ok", f"signed in as {account.name}")
    for scope in account.missing:
        yield Finding(
            _ABOUT,
            "warn",
            f"the bot token lacks the scope {scope}: the bot cannot {SCOPES[scope]}",
            f"{_APPS} -> OAuth & Permissions -> Scopes: add it, then install the app again",
        )
    app = await _greeted(client, tokens.app)
    yield Finding(_ABOUT, "ok", f"Socket Mode greets the app {app}")
    await _same_app(client, account, app)
    async for finding in _compared(config, environment, app):
        yield finding


async def _signed_in(client: AsyncWebClient) -> Account:
    try:
        return await sign_in(client)
    except ServiceUnavailable as error:
        raise _MissingStep(_away(error)) from error
    except AdapterError as error:
        raise _MissingStep(_failed(error, "the bot token: docs/slack.md, step 2")) from error


async def _greeted(client: AsyncWebClient, app_token: str) -> str:
    """Open a websocket and return the id of the app that Slack greets.

    An event that Slack sends here in that instant is not acknowledged: Slack sends it again.
    """
    try:
        address = await websocket_address(client, app_token)
        async with (
            asyncio.timeout(_GREETING),
            aiohttp.ClientSession() as session,
            session.ws_connect(address, proxy=client.proxy) as socket,
        ):
            frame = await socket.receive_json()
    except (ServiceUnavailable, aiohttp.ClientError, TimeoutError, TypeError, ValueError) as error:
        remedy = "let wss:// addresses of slack.com through the firewall or proxy"
        found = f"the websocket of Socket Mode does not open: {type(error).__name__}"
        raise _MissingStep(Finding(_ABOUT, "fail", found, remedy)) from error
    except AdapterError as error:
        raise _MissingStep(_failed(error, "the app-level token: docs/slack.md, step 3")) from error
    if frame.get("type") == "hello":
        return str((frame.get("connection_info") or {}).get("app_id") or "")
    if frame.get("reason") == "link_disabled":
        found, remedy = "Socket Mode is switched off", f"{_APPS} -> Socket Mode -> Enable"
    else:
        found = f"the websocket was closed: {frame.get('reason') or 'no reason given'}"
        remedy = "stop other processes that use this app: it may have 10 connections"
    raise _MissingStep(Finding(_ABOUT, "fail", found, remedy))


async def _same_app(client: AsyncWebClient, account: Account, app: str) -> None:
    """Check that both tokens belong to one app, where the scopes let us see it."""
    theirs = await app_of(client, account.identity)
    if theirs and app and theirs != app:
        found = f"the bot token is of the app {theirs}, the app-level token of {app}"
        remedy = "take both tokens from one app: docs/slack.md, steps 2 and 3"
        raise _MissingStep(Finding(_ABOUT, "fail", found, remedy))


async def _compared(
    config: SlackConfig, environment: Mapping[str, str], app: str
) -> AsyncIterator[Finding]:
    """Compare the app's manifest with ours; Slack shows it for a configuration token only."""
    token = environment.get(CONFIG_TOKEN_VARIABLE, "").strip()
    if not token:
        remedy = f"to compare events and switches too, set {CONFIG_TOKEN_VARIABLE} (docs/slack.md)"
        yield Finding(_ABOUT, "ok", "the manifest is not compared", remedy)
        return
    client = web_client(token, config)
    try:
        answer = await ask(client.apps_manifest_export(app_id=app), "apps.manifest.export")
    except (AdapterError, ServiceUnavailable) as error:
        remedy = "https://api.slack.com/apps -> Your App Configuration Tokens: generate a new one"
        yield Finding(_ABOUT, "warn", f"the manifest cannot be read: {_reason(error)}", remedy)
        return
    drift = list(find_drift(answer.get("manifest") or {}, manifest("Frontdesk")))
    for finding in drift:
        yield finding
    if not drift:
        yield Finding(_ABOUT, "ok", "the app's manifest has all that the bot needs")


async def _channel(client: AsyncWebClient, channel: str) -> Finding:
    try:
        await ask(client.conversations_history(channel=channel, limit=1), "conversations.history")
    except ServiceUnavailable as error:
        return _away(error)
    except AdapterError as error:
        cause = error.__cause__
        code = error_code(cause) if isinstance(cause, SlackApiError) else ""
        found = f"the channel {channel}: {code or _reason(error)}"
        return Finding(_ABOUT, "fail", found, _CHANNEL_REMEDIES.get(code, _reason(error)))
    return Finding(_ABOUT, "ok", f"the channel {channel} can be read")


_CHANNEL_REMEDIES: Final = {
    "not_in_channel": "write `/invite @NAME` with the bot's name in that channel",
    "channel_not_found": "it is private and the bot is not in it: write `/invite @NAME` there; or "
    "the id is wrong: copy it from the end of the channel's details",
    "is_archived": "the channel is archived: choose another in config.yaml",
    "missing_scope": "add the scopes channels:history and groups:history at "
    f"{_APPS} -> OAuth & Permissions -> Scopes, then install the app again",
}


def _away(error: Exception) -> Finding:
    return Finding(_ABOUT, "warn", _reason(error), _AWAY)


def _failed(error: AdapterError, remedy: str) -> Finding:
    return Finding(_ABOUT, "fail", _reason(error), remedy)


def _reason(error: Exception) -> str:
    return "; ".join(line.removeprefix("slack: ") for line in str(error).splitlines())
