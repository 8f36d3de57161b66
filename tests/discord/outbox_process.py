"""A process that delivers an outbox on Discord, to be killed.

It has no gateway connection, as a process that only answers. Its clock runs fast, so that waits
between attempts are short.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.discord import plugin
from adapters.discord.config import DiscordConfig
from bot.clock import SystemClock
from bot.delivery import OutboxWorker
from bot.delivery.outbox import open_stored_outbox
from bot.storage import open_database
from tests.servers.discord import TOKEN

SPEED = 20


class FastClock(SystemClock):
    """A clock that runs faster than the system's, since a moment."""

    def __init__(self, since: float) -> None:
        self._since = datetime.fromtimestamp(since, UTC)

    def now(self) -> datetime:
        passed = datetime.now(UTC) - self._since
        return self._since + timedelta(seconds=passed.total_seconds() * SPEED)


async def main(
    url: str, _record: Path, _count: int, ready: Callable[[], None], *, api_url: str, since: float
) -> None:
    """Deliver until killed."""
    section = DiscordConfig(api_url=api_url, timeout=5.0)
    adapter = plugin.build(section, {"DISCORD_BOT_TOKEN": TOKEN})
    clock = FastClock(since)
    async with await open_database(url) as database, open_stored_outbox(database, clock) as stored:
        worker = OutboxWorker(stored, {"discord": adapter}, concurrency=4, clock=clock)
        working = [asyncio.create_task(adapter.speak()), asyncio.create_task(worker.run())]
        ready()
        while not any(each.done() for each in working):
            await asyncio.sleep(0.01)
            stored.wake()
