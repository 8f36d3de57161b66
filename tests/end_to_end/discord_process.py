"""A desk on Discord in a process of its own, to be killed: `... DATABASE API_URL GATEWAY_URL`.

Answers every message with what it says, and prints a line when it is connected.
"""

from __future__ import annotations

import asyncio
import sys

from adapters.discord import plugin
from adapters.discord.config import DiscordConfig
from bot.app.service import Service
from bot.clock import SystemClock
from bot.delivery import Intake, Worker, open_inbox
from bot.storage import StoredHistory, StoredTranscripts, open_database
from tests.delivery.platform import Echo
from tests.servers.discord import TOKEN


async def main(url: str, api_url: str, gateway_url: str) -> None:
    """Serve until killed."""
    clock = SystemClock()
    section = DiscordConfig(api_url=api_url, gateway_url=gateway_url)
    adapter = plugin.build(section, {"DISCORD_BOT_TOKEN": TOKEN})
    async with await open_database(url) as database, open_inbox(database, clock) as inbox:
        adapter.recall(StoredHistory(database))
        worker = Worker(inbox, Echo(), {"discord": adapter}, concurrency=8, clock=clock)
        reception = Intake(inbox, StoredTranscripts(database))
        await Service([adapter], reception, worker, Echo()).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
