"""`frontdesk serve`: runs the bot on every platform in config.yaml."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.cli.adapters import build_adapters, names_of
from bot.cli.lifecycle import run_until_stopped
from bot.cli.options import ConfigOption, environment, settings
from bot.cli.output import remark

if TYPE_CHECKING:
    from bot.config.schema import Config


def serve(config: ConfigOption = None) -> None:
    """Serve customers on every platform that has a section in config.yaml."""
    loaded = settings(config, log_level="INFO")
    asyncio.run(_serve(loaded) if loaded.serve.answer else _listen(loaded))


async def _serve(config: Config) -> None:
    adapters = build_adapters(config)  # before anything heavy, so that errors appear at once
    from bot.app.build import open_service

    publish = config.serve.publish or "tested"
    async with open_service(
        config, environment(), adapters=adapters, public=True, publish=publish
    ) as service:
        remark(f"serving {names_of(adapters)}; stop with Ctrl-C or SIGTERM")
        await run_until_stopped(service)


async def _listen(config: Config) -> None:
    adapters = build_adapters(config)
    from bot.app.intake_service import open_intake_service

    async with open_intake_service(config, adapters=adapters) as service:
        names = names_of(adapters)
        remark(
            f"accepting messages from {names}, for `frontdesk worker` to answer; stop with Ctrl-C "
            "or SIGTERM"
        )
        await run_until_stopped(service)
