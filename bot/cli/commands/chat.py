"""`frontdesk chat`: talk to the bot in the terminal, through the real service."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.options import ConfigOption, environment, settings
from bot.cli.plugins import build_adapter
from bot.cli.running import run_until_stopped

if TYPE_CHECKING:
    from bot.config import Config


def chat(config: ConfigOption = None) -> None:
    """Talk to the bot here; piped input is answered line by line."""
    from bot import logs

    logs.configure(level="WARNING")
    asyncio.run(_chat(settings(config)))


async def _chat(config: Config) -> None:
    from bot.assembly import open_service

    section = {"welcome": _welcome(config), **(config.adapters.get("terminal") or {})}
    adapter = build_adapter("terminal", section)
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:
        database = f"sqlite:///{Path(folder) / 'chat.db'}"
        async with open_service(
            config, environment(), adapters=[adapter], database_url=database
        ) as service:
            await run_until_stopped(service)
