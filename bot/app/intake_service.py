"""A service that accepts messages for other processes to answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.app.resources import open_resources, require_server
from bot.app.service import Service
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.ports import Adapter


@asynccontextmanager
async def open_intake_service(
    config: Config, *, adapters: Sequence[Adapter]
) -> AsyncIterator[Service]:
    """Open a service that accepts messages for other processes to answer; it needs no model.

    Raises:
        FrontdeskError: The database is not usable, or is a file that no other process can share.
    """
    require_server(config, "`serve: {answer: false}`")
    opening = open_resources(config, SystemClock(), adapters=adapters, public=True)
    async with opening as resources:
        yield Service(adapters, resources.reception(), None, alerts=resources.room.alerts)
