"""What the entry point `slack` of the group `frontdesk.adapters` resolves to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from adapters.slack.adapter import SlackAdapter
from adapters.slack.config import SlackConfig, read_tokens


class SlackPlugin:
    """Makes the Slack adapter from its section of config.yaml."""

    name = "slack"
    config_model: type[object] = SlackConfig

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


plugin: Final = SlackPlugin()
