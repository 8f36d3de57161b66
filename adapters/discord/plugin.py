"""How the core makes a Discord adapter out of its section of config.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import aiohttp
from discord.http import Route

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.config import DiscordConfig, read_token
from bot.errors import AdapterError
from bot.ports import Finding, PlatformRules


class DiscordPlugin:
    """The `AdapterPlugin` of Discord."""

    name = "discord"
    config_model: type[object] = DiscordConfig
    rules = PlatformRules(
        title="Discord",
        setup="discord: {}    # needs DISCORD_BOT_TOKEN in the environment",
        id_hint="with *Copy ID*, in the developer mode (a long number)",
        audience=frozenset({"role"}),
        schemes=frozenset({"discord"}),
        pings=frozenset({"everyone", "here"}),
    )

    def build(self, section: object, environment: Mapping[str, str]) -> DiscordAdapter:
        """Make the adapter; the network is not touched before `run`.

        Raises:
            AdapterError: The token is missing or malformed; the message says where to get one.
        """
        if not isinstance(section, DiscordConfig):
            raise TypeError(f"section is a {type(section).__name__}, not a DiscordConfig")
        return DiscordAdapter(section, read_token(section, environment))

    async def doctor(
        self, section: object, environment: Mapping[str, str], *, offline: bool
    ) -> Sequence[Finding]:
        """Return whether Discord would take us."""
        if not isinstance(section, DiscordConfig):
            raise TypeError(f"section is a {type(section).__name__}, not a DiscordConfig")
        return await examine(section, environment, offline=offline)


_ABOUT = "discord"
_SECONDS = 10.0


async def examine(
    config: DiscordConfig, environment: Mapping[str, str], *, offline: bool
) -> Sequence[Finding]:
    """Look at the token and, unless offline, ask Discord who we are."""
    try:
        token = read_token(config, environment)
    except AdapterError as error:
        return [Finding(_ABOUT, "fail", str(error), "set the token in the environment")]
    if offline:
        return [Finding(_ABOUT, "ok", "a token is there")]
    try:
        status = await _status(f"{config.api_url or Route.BASE}/users/@me", token)
    except (aiohttp.ClientError, TimeoutError) as error:
        reason = str(error) or "no answer"
        return [Finding(_ABOUT, "warn", reason, "check the network; Discord may be down")]
    if status == HTTPStatus.UNAUTHORIZED:
        return [Finding(_ABOUT, "fail", "the token is refused", "reset it (docs/discord.md)")]
    if status != HTTPStatus.OK:
        return [Finding(_ABOUT, "warn", f"HTTP {status}", "try again; Discord may be down")]
    return [Finding(_ABOUT, "ok", "the token is accepted")]


async def _status(address: str, token: str) -> int:
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    headers = {"Authorization": f"Bot {token}"}
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.get(address, headers=headers) as response,
    ):
        return response.status
