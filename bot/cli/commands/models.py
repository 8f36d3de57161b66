"""`frontdesk models`: the models that were trained."""

from __future__ import annotations

from bot.cli.options import ConfigOption, JsonOption


def models(config: ConfigOption = None, json: JsonOption = False) -> None:
    """List the models that were trained."""
