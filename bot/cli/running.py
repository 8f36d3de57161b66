"""Runs a service until it ends or a signal asks it to."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.service import Service


async def run_until_stopped(service: Service) -> None:
    """Run; SIGTERM and Ctrl-C end it in good order.

    Raises:
        AdapterError: A platform refuses us for good.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stop)
    await service.run()
