"""`frontdesk serve`: the bot on every platform that config.yaml names."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.cli.options import ConfigOption, environment, settings
from bot.cli.output import remark
from bot.cli.plugins import build_adapter
from bot.cli.running import run_until_stopped
from bot.errors import AdapterError

if TYPE_CHECKING:
    from bot.config import Config
    from bot.ports import Adapter

NONE = """no platform is configured: add one or both of these lines to config.yaml
  slack: {}      # needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN in the environment
  discord: {}    # needs DISCORD_TOKEN in the environment
or try the bot here with: frontdesk chat"""


def serve(config: ConfigOption = None) -> None:
    """Serve customers on every platform that has a section in config.yaml."""
    from bot import logs

    logs.configure()
    asyncio.run(_serve(settings(config)))


async def _serve(config: Config) -> None:
    from bot.assembly import open_service

    adapters = _adapters(config)
    async with open_service(config, environment(), adapters=adapters) as service:
        names = ", ".join(adapter.name for adapter in adapters)
        remark(f"serving {names}; Ctrl-C or SIGTERM ends it")
        await run_until_stopped(service)


def _adapters(config: Config) -> list[Adapter]:
    """Make every adapter; what is wrong with any of them is said at once.

    Raises:
        AdapterError: There is none, or a token is missing or malformed.
    """
    adapters: list[Adapter] = []
    refusals: list[str] = []
    for name, section in config.adapters.items():
        try:
            adapters.append(build_adapter(name, section))
        except AdapterError as error:
            refusals.append(str(error))
    if refusals:
        raise AdapterError("\n".join(refusals))
    if not adapters:
        raise AdapterError(NONE)
    return adapters
