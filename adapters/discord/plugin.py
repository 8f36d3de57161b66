"""How the core makes a Discord adapter out of its section of config.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.case_diagnostics import examine_case_channels
from adapters.discord.config import DiscordConfig, addressed, read_token
from adapters.discord.diagnostics import examine, examine_channels
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
            AdapterError: The token is missing or malformed, and the message says where to get
                one; or an address is none.
        """
        config = _section(section)
        return DiscordAdapter(addressed(config, environment), read_token(config, environment))

    async def doctor(
        self, section: object, environment: Mapping[str, str], *, offline: bool
    ) -> Sequence[Finding]:
        """Return what is missing for serving Discord, step by step."""
        return await examine(_section(section), environment, offline=offline)

    async def check_channels(
        self, section: object, environment: Mapping[str, str], channels: Sequence[str]
    ) -> Sequence[Finding]:
        """Return whether the bot may read and write in channels, by their ids."""
        return await examine_channels(_section(section), environment, channels)

    async def check_case_channels(
        self, section: object, environment: Mapping[str, str], channels: Sequence[str]
    ) -> Sequence[Finding]:
        """Return whether cases can be opened and worked in channels, by their ids."""
        return await examine_case_channels(_section(section), environment, channels)


def _section(section: object) -> DiscordConfig:
    if not isinstance(section, DiscordConfig):
        raise TypeError(f"section is a {type(section).__name__}, not a DiscordConfig")
    return section
