"""`frontdesk chat`: a chat with the bot in the terminal, through the real service."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.adapters import build_adapter
from bot.cli.lifecycle import run_until_stopped
from bot.cli.options import ConfigOption, environment, settings
from bot.cli.output import count

if TYPE_CHECKING:
    from bot.config.schema import Config


def chat(config: ConfigOption = None) -> None:
    """Chat with the bot in the terminal; piped input is answered line by line."""
    asyncio.run(_chat(settings(config)))


async def _chat(config: Config) -> None:
    from bot.app.build import open_service

    adapter = build_adapter(_welcoming(config), "terminal")
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:
        database = f"sqlite:///{Path(folder) / 'chat.db'}"
        publish = config.serve.publish or "auto"
        async with open_service(
            config, environment(), adapters=[adapter], database_url=database, publish=publish
        ) as service:
            await run_until_stopped(service)


def _welcoming(config: Config) -> Config:
    """Add a banner to the terminal's section, unless it has one."""
    section = {"welcome": _welcome(config), **(config.adapters.get("terminal") or {})}
    return config.model_copy(update={"adapters": {**config.adapters, "terminal": section}})


def _welcome(config: Config) -> str:
    """Return a banner that names the active model.

    Raises:
        ModelError: There is none.
    """
    from bot.understanding.model.registry import ModelRegistry, read_manifest

    manifest = read_manifest(ModelRegistry(config.model).current())
    return (
        f"**{config.responder.bot}** knows {count(len(manifest.intents), 'intent')} "
        f"(model `{manifest.version}`).  \n"
        "Ask as a customer would. `/why` explains the last decision, `/help` shows more."
    )
