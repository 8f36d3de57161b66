"""What the entry point `slack` of the group `frontdesk.adapters` resolves to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from adapters.slack.adapter import SlackAdapter
from adapters.slack.config import SlackConfig, addressed, read_tokens
from adapters.slack.diagnostics import examine, examine_channels, examine_emails
from adapters.slack.manifest import manifest
from bot.config.schema import Config
from bot.ports import Finding, PlatformRules


def print_manifest(config: Config) -> str:
    """Print the app manifest, to be pasted at api.slack.com/apps, "From a manifest"."""
    made = manifest(config.responder.bot, emails="platform_email" in config.proof.ways)
    return json.dumps(made, indent=2, ensure_ascii=False)


class SlackPlugin:
    """Makes the Slack adapter from its section of config.yaml."""

    name = "slack"
    config_model: type[object] = SlackConfig
    rules = PlatformRules(
        title="Slack",
        setup="slack: {}      # needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN in the environment",
        id_hint="at the bottom of the channel's or person's details (C0123..., U0123...)",
        audience=frozenset({"channel"}),
        schemes=frozenset({"slack"}),
        pings=frozenset({"channel", "here", "everyone", "group"}),
    )
    commands: Mapping[str, Callable[[Config], str]] = {"manifest": print_manifest}

    def build(self, section: object, environment: Mapping[str, str]) -> SlackAdapter:
        """Make the adapter; it connects when it runs.

        Args:
            section: A `SlackConfig`.
            environment: Where the tokens are, and possibly the address of the Web API.

        Raises:
            AdapterError: A token is missing or malformed, and the message says where to get one;
                or the address is none.
        """
        config = _section(section)
        return SlackAdapter(addressed(config, environment), read_tokens(config, environment))

    async def doctor(
        self, section: object, environment: Mapping[str, str], *, offline: bool
    ) -> Sequence[Finding]:
        """Return what is missing for serving Slack, step by step."""
        return await examine(_section(section), environment, offline=offline)

    async def check_channels(
        self, section: object, environment: Mapping[str, str], channels: Sequence[str]
    ) -> Sequence[Finding]:
        """Return whether the bot can read and post in channels, by their ids."""
        return await examine_channels(_section(section), environment, channels)

    async def check_emails(
        self, section: object, environment: Mapping[str, str]
    ) -> Sequence[Finding]:
        """Return whether the bot may read the addresses that Slack verified."""
        return await examine_emails(_section(section), environment)


def _section(section: object) -> SlackConfig:
    if not isinstance(section, SlackConfig):
        raise TypeError(f"section is {type(section).__name__}: SlackConfig is needed")
    return section


plugin: Final = SlackPlugin()
