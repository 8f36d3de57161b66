"""Runs a service until it ends or a signal asks it to."""

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
    """Run; SIGTERM and Ctrl-C end it in good order.

    Raises:
        AdapterError: A platform refuses us for good.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stop)
    await service.run()


def warn_when_stale(config: Config) -> None:
    """Say so when intents, articles or settings have changed since the model was trained."""
    from bot.publishing.train import needs_training

    try:
        if needs_training(config):
            remark("the model is older than intents, articles or settings: run `frontdesk train`")
    except IntentsError as error:
        remark(f"the model is older than these mistakes, and answers without them:\n{error}")
