"""What the entry point `slack` of the group `frontdesk.adapters` resolves to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from adapters.slack.adapter import SlackAdapter
from adapters.slack.auth import sign_in
from adapters.slack.client import web_client
from adapters.slack.config import SlackConfig, read_tokens
from adapters.slack.manifest import manifest
from bot.config.schema import Config
from bot.errors import AdapterError, ServiceUnavailable
from bot.ports import Finding, PlatformRules


def print_manifest(config: Config) -> str:
    """Print the app manifest, to be pasted at api.slack.com/apps, "From a manifest"."""
    return json.dumps(manifest(config.responder.bot), indent=2, ensure_ascii=False)


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
            environment: Where the tokens are.

        Raises:
            AdapterError: A token is missing or malformed; the message says where to get one.
        """
        if not isinstance(section, SlackConfig):
            raise TypeError(f"section is {type(section).__name__}: SlackConfig is needed")
        return SlackAdapter(section, read_tokens(section, environment))

    async def doctor(
        self, section: object, environment: Mapping[str, str], *, offline: bool
    ) -> Sequence[Finding]:
        """Return whether Slack would take us."""
        if not isinstance(section, SlackConfig):
            raise TypeError(f"section is {type(section).__name__}: SlackConfig is needed")
        return await examine(section, environment, offline=offline)


plugin: Final = SlackPlugin()


_ABOUT = "slack"


async def examine(
    config: SlackConfig, environment: Mapping[str, str], *, offline: bool
) -> Sequence[Finding]:
    """Look at the tokens and, unless offline, sign in with the bot's."""
    try:
        tokens = read_tokens(config, environment)
    except AdapterError as error:
        return [Finding(_ABOUT, "fail", str(error), "set the tokens in the environment")]
    if offline:
        return [Finding(_ABOUT, "ok", "tokens are there")]
    try:
        account = await sign_in(web_client(tokens.bot, config))
    except ServiceUnavailable as error:
        return [Finding(_ABOUT, "warn", str(error), "check the network; Slack may be down")]
    except AdapterError as error:
        return [Finding(_ABOUT, "fail", str(error), "see there, and docs/slack.md")]
    return [Finding(_ABOUT, "ok", f"signed in as {account.name}")]
