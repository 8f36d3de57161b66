"""`frontdesk worker`: answers messages that `frontdesk serve` accepted, on any machine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.cli.adapters import build_adapters, names_of
from bot.cli.lifecycle import run_until_stopped
from bot.cli.options import ConfigOption, environment, settings
from bot.cli.output import remark

if TYPE_CHECKING:
    from bot.config.schema import Config


def worker(config: ConfigOption = None) -> None:
    """Answer messages that `serve` accepted; any number of workers share a PostgreSQL database."""
    asyncio.run(_work(settings(config, log_level="INFO")))


async def _work(config: Config) -> None:
    from bot.app.resources import require_server

    require_server(config, "`frontdesk worker`")
    adapters = build_adapters(config)
    from bot.app.build import open_service

    publish = config.serve.publish or "tested"
    async with open_service(
        config, environment(), adapters=adapters, public=True, listens=False, publish=publish
    ) as service:
        remark(f"answering on {names_of(adapters)}; stop with Ctrl-C or SIGTERM")
        await run_until_stopped(service)
