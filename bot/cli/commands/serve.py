"""`frontdesk serve`: the bot on every platform that config.yaml names."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.cli.options import ConfigOption, environment, settings
from bot.cli.output import remark
from bot.cli.plugins import build_adapter
from bot.cli.running import run_until_stopped, warn_when_stale
from bot.errors import AdapterError

if TYPE_CHECKING:
    from bot.config import Config
    from bot.ports import Adapter

NONE = """no platform is set up: add one of these lines, or both, to config.yaml
  slack: {}      # needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN in the environment
  discord: {}    # needs DISCORD_BOT_TOKEN in the environment
or try the bot here with: frontdesk chat"""


def serve(config: ConfigOption = None) -> None:
    """Serve customers on every platform that has a section in config.yaml."""
    asyncio.run(_serve(settings(config, log_level="INFO")))


async def _serve(config: Config) -> None:
    adapters = _adapters(config)  # before anything heavy: what is missing is said at once
    from bot.assembly import open_service

    async with open_service(config, environment(), adapters=adapters, public=True) as service:
        warn_when_stale(config)
        names = ", ".join(adapter.name for adapter in adapters)
        remark(f"serving {names}; Ctrl-C or SIGTERM ends it")
        await run_until_stopped(service)


def _adapters(config: Config) -> list[Adapter]:
    """Make every adapter; what is wrong with any of them is said at once.

    Raises:
        AdapterError: There is none, or a token is missing or malformed.
    """
    if not config.adapters:
        raise AdapterError(NONE)
    adapters: list[Adapter] = []
    refusals: list[str] = []
    for name in config.adapters:
        try:
            adapters.append(build_adapter(config, name))
        except AdapterError as error:
            refusals.append(str(error))
    if refusals:
        raise AdapterError("\n".join(refusals))
    return adapters
