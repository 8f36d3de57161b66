"""Runs a service until it ends or a signal stops it."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from bot.cli.output import remark
from bot.errors import IntentsError

if TYPE_CHECKING:
    from bot.app.service import Service
    from bot.config.schema import Config


async def run_until_stopped(service: Service) -> None:
    """Run; SIGTERM and Ctrl-C shut it down gracefully.

    Raises:
        AdapterError: A platform refuses us permanently.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stop)
    await service.run()


def warn_when_stale(config: Config) -> None:
    """Warn when intents, articles or settings have changed since the model was trained."""
    from bot.publishing.train import needs_training

    try:
        if needs_training(config):
            remark(
                "intents, articles or settings have changed since training: run `frontdesk train`"
            )
    except IntentsError as error:
        remark(f"the active model does not include these files, which have mistakes:\n{error}")
