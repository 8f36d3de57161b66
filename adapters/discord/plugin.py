"""How the core makes a Discord adapter out of its section of config.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.discord.adapter import DiscordAdapter
from adapters.discord.config import DiscordConfig, read_token
from adapters.discord.doctor import examine
from bot.ports import Finding


class DiscordPlugin:
    """The `AdapterPlugin` of Discord."""

    name = "discord"
    config_model: type[object] = DiscordConfig

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
        """Tell whether Discord would take us."""
        if not isinstance(section, DiscordConfig):
            raise TypeError(f"section is a {type(section).__name__}, not a DiscordConfig")
        return await examine(section, environment, offline=offline)
