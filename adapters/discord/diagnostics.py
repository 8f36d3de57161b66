"""What `doctor` checks of Discord: the steps of docs/discord.md in order, up to the first missing.

A step that fails ends the check, since the later ones rest on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import discord
from discord.gateway import DiscordWebSocket

from adapters.common.addresses import check_address
from adapters.discord.client import point_at
from adapters.discord.config import (
    API_VARIABLE,
    GATEWAY_VARIABLE,
    DiscordConfig,
    addressed,
    read_token,
)
from adapters.discord.errors import (
    FAILURES,
    MALFORMED,
    intent_missing,
    not_discord,
    token_refused,
)
from bot.errors import AdapterError
from bot.ports import Finding

ABOUT: Final = "discord"
SECONDS: Final = 20.0  # for all requests about one server, or for the gateway to greet
_SERVERS: Final = 10  # servers whose channels are looked at
_NAMED: Final = 5  # channels that are named for one permission

PERMISSIONS: Final = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "read_message_history": "Read Message History",
    "create_public_threads": "Create Public Threads",
    "send_messages_in_threads": "Send Messages in Threads",
}
"""What the bot needs, by the library's names, with the names that Discord's clients show."""

FOR_CASES: Final = {"add_reactions": "Add Reactions", "attach_files": "Attach Files"}
"""What it needs beside for the cases of staff: marks of lines, files of customers and of staff."""

AWAY: Final = "check the network and https://discordstatus.com, then run this again"
WHERE: Final = "Edit Channel -> Permissions: allow it for the bot's role"

_Overwritten = discord.TextChannel | discord.ForumChannel


async def examine(
    config: DiscordConfig, environment: Mapping[str, str], *, offline: bool
) -> Sequence[Finding]:
    """Check token, intent, invitation, permissions in each channel, and the gateway.

    Args:
        config: The section `discord:`.
        environment: Environment variables.
        offline: Make no requests.
    """
    findings: list[Finding] = []
    try:
        config = addressed(config, environment)
        findings += _addresses(config, environment)
        token = read_token(config, environment)
    except AdapterError as error:
        return [*findings, _failed(error, "set it in the environment: docs/discord.md, step 3")]
    if offline:
        return [*findings, Finding(ABOUT, "ok", "a token is there")]
    try:
        async with logged_in(config, token) as client:
            findings += [each async for each in _account(client)]
            findings += await _gateway()
    except AdapterError as error:
        findings.append(_failed(error, "docs/discord.md, step 3"))
    except (*FAILURES, discord.DiscordException) as error:
        findings.append(Finding(ABOUT, "warn", reason_of(error), AWAY))
    return findings


async def examine_channels(
    config: DiscordConfig, environment: Mapping[str, str], channels: Sequence[str]
) -> Sequence[Finding]:
    """Check that the bot may read and write in channels that the configuration names.

    Args:
        config: The section `discord:`.
        environment: Environment variables.
        channels: Ids of the channels.
    """
    async with logged_in(addressed(config, environment), read_token(config, environment)) as bot:
        return [await _channel(bot, channel) for channel in channels]


def invitation(application: int) -> str:
    """Return the address that adds the bot to a server, with the permissions that it needs."""
    wanted = discord.Permissions(**dict.fromkeys(PERMISSIONS | FOR_CASES, True))
    return discord.utils.oauth_url(application, permissions=wanted, scopes=("bot",))


@asynccontextmanager
async def logged_in(config: DiscordConfig, token: str) -> AsyncIterator[discord.Client]:
    """Yield a client that Discord knows, without a gateway connection.

    Raises:
        AdapterError: Discord refuses the token, or somebody else than Discord answers.
    """
    point_at(config)
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            async with asyncio.timeout(SECONDS):
                await client.login(token)
        except discord.LoginFailure as error:
            raise token_refused(config.token_env) from error
        except MALFORMED:
            raise not_discord() from None
        yield client


def _addresses(config: DiscordConfig, environment: Mapping[str, str]) -> Iterator[Finding]:
    used = {
        "discord.api_url": (config.api_url, API_VARIABLE),
        "discord.gateway_url": (config.gateway_url, GATEWAY_VARIABLE),
    }
    for key, (address, variable) in used.items():
        if address is not None:
            yield check_address(ABOUT, key, address, environment=environment, variable=variable)


async def _account(client: discord.Client) -> AsyncIterator[Finding]:
    """Check who we are, what the portal allows, and where we were invited."""
    yield Finding(ABOUT, "ok", f"logged in as {client.user}")
    flags = client.application_flags
    if not (flags.gateway_message_content or flags.gateway_message_content_limited):
        found, remedy = intent_missing()
        yield Finding(ABOUT, "warn", found, remedy)
    servers = [each async for each in client.fetch_guilds(limit=200)]
    application = client.application_id or 0
    if not servers:
        remedy = f"open {invitation(application)} and choose your server (docs/discord.md, step 4)"
        yield Finding(ABOUT, "fail", "the bot is in no server", remedy)
        return
    yield Finding(ABOUT, "ok", f"in {len(servers)} servers")
    for server in servers[:_SERVERS]:
        async for finding in _server(client, server.id):
            yield finding


async def _server(client: discord.Client, server_id: int) -> AsyncIterator[Finding]:
    """Check what the bot may do in the channels of a server that it can see."""
    async with asyncio.timeout(SECONDS):
        server = await client.fetch_guild(server_id, with_counts=False)
        me = await server.fetch_member(client.user.id if client.user else 0)
        channels = [
            each for each in await server.fetch_channels() if isinstance(each, _Overwritten)
        ]
    seen = [each for each in channels if each.permissions_for(me).view_channel]
    if channels and not seen:
        remedy = f"{WHERE}, or invite the bot again: {invitation(client.application_id or 0)}"
        found = f"{server.name}: the bot sees no channel: it lacks View Channel"
        yield Finding(ABOUT, "fail", found, remedy)
        return
    lacking = False
    for permission, shown in PERMISSIONS.items():
        without = [each.name for each in seen if not getattr(each.permissions_for(me), permission)]
        if without:
            lacking = True
            named = ", ".join(f"#{name}" for name in without[:_NAMED])
            more = f" and {len(without) - _NAMED} more" if len(without) > _NAMED else ""
            found = f"{server.name}: the bot lacks {shown} in {named}{more}"
            yield Finding(ABOUT, "warn", found, WHERE)
    if not lacking:
        yield Finding(ABOUT, "ok", f"{server.name}: all permissions in {len(seen)} channels")


async def _channel(client: discord.Client, channel: str) -> Finding:
    """Check one channel by its id."""
    about = f"the channel {channel}"
    try:
        async with asyncio.timeout(SECONDS):
            allowed = await allowed_in(client, int(channel))
    except (ValueError, discord.NotFound):
        remedy = "copy the id from the channel, in the developer mode"
        return Finding(ABOUT, "fail", f"{about} does not exist", remedy)
    except discord.Forbidden:
        return Finding(ABOUT, "fail", f"{about}: the bot lacks View Channel", WHERE)
    except (*FAILURES, discord.DiscordException) as error:
        return Finding(ABOUT, "warn", f"{about}: {reason_of(error)}", AWAY)
    for permission in ("view_channel", "send_messages", "read_message_history"):
        if not getattr(allowed, permission):
            lacking = f"{about}: the bot lacks {PERMISSIONS[permission]}"
            return Finding(ABOUT, "fail", lacking, WHERE)
    return Finding(ABOUT, "ok", f"{about} can be read and written in")


async def allowed_in(client: discord.Client, channel: int) -> discord.Permissions:
    """Return what the bot may do in a channel; everything in direct messages."""
    found = await client.fetch_channel(channel)
    if isinstance(found, discord.abc.PrivateChannel):
        return discord.Permissions.all()
    server = await client.fetch_guild(found.guild.id, with_counts=False)
    me = await server.fetch_member(client.user.id if client.user else 0)
    place = found.parent_id if isinstance(found, discord.Thread) else found.id
    known = {each.id: each for each in await server.fetch_channels()}
    if place not in known:
        return discord.Permissions.none()
    return known[place].permissions_for(me)


async def _gateway() -> Sequence[Finding]:
    """Check that the gateway can be reached; no session is begun."""
    address = DiscordWebSocket.DEFAULT_GATEWAY.with_query(v="10", encoding="json")
    try:
        async with (
            asyncio.timeout(SECONDS),
            aiohttp.ClientSession() as session,
            session.ws_connect(address) as socket,
        ):
            frame = await socket.receive_json()
    except (aiohttp.ClientError, OSError, TypeError, ValueError) as error:
        remedy = "let wss://gateway.discord.gg through the firewall or proxy"
        found = f"the gateway does not open: {type(error).__name__}"
        return [Finding(ABOUT, "fail", found, remedy)]
    if frame.get("op") != DiscordWebSocket.HELLO:
        return [Finding(ABOUT, "fail", "the gateway does not greet", AWAY)]
    return [Finding(ABOUT, "ok", "the gateway can be reached")]


def _failed(error: AdapterError, remedy: str) -> Finding:
    return Finding(ABOUT, "fail", str(error).removeprefix("discord: "), remedy)


def reason_of(error: BaseException) -> str:
    """Return what went wrong, without the text of a request."""
    if isinstance(error, discord.HTTPException):
        return f"HTTP {error.status}, code {error.code}"
    return type(error).__name__
