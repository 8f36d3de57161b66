"""An instance in its own process, which `benchmarks.chaos` kills.

    python -m benchmarks.chaos_desk DATABASE SLACK_API DISCORD_API DISCORD_GATEWAY

Both adapters, inbox and worker as `frontdesk serve` runs them. The answer repeats the question
between two marks, so that a part of an answer is known for one; it takes a moment, and sometimes
so long that it is shown while it is made, or so much that it needs several posts.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections.abc import AsyncIterator

from adapters.discord import plugin as discord_plugin
from adapters.discord.config import DiscordConfig
from adapters.slack.adapter import SlackAdapter
from adapters.slack.config import SlackConfig, Tokens
from bot import logs
from bot.app.service import Service
from bot.clock import SystemClock
from bot.delivery import Intake, Worker, open_inbox
from bot.messages import Decision, DecisionKind, Done, Event, Part, Say
from bot.ports import Adapter
from bot.storage import StoredHistory, StoredTranscripts, open_database
from tests.servers.discord import TOKEN

BEGIN, END = "BEGIN", "END"
LONG = "long"
"""In a question: its answer needs several posts."""

FILLER = "\n\n".join(["and so on " * 90] * 4)
PAUSES = (0.0, 0.0, 0.01, 0.05, 0.4)


class Repeats:
    """A responder that repeats what it was asked, piece by piece."""

    def __init__(self) -> None:
        self._chance = random.Random()  # noqa: S311 - pauses, no secrets

    async def respond(self, event: Event) -> AsyncIterator[Part]:
        """Yield the marks and, between them, the question."""
        message = event.message
        yield Say(f"{BEGIN} ")
        for line in message.text.splitlines():
            await asyncio.sleep(self._chance.choice(PAUSES))
            yield Say(f"{line}. ")
        if LONG in message.text:
            yield Say(f"\n\n{FILLER}\n\n")
        await asyncio.sleep(self._chance.choice(PAUSES))
        yield Say(END)
        yield Done(Decision(id=f"d:{message.id}", message_id=message.id, kind=DecisionKind.INTENT))


async def main(database_url: str, slack_api: str, discord_api: str, gateway: str) -> None:
    """Serve until SIGTERM."""
    clock = SystemClock()
    section = DiscordConfig.model_validate(
        {"api_url": discord_api, "gateway_url": gateway, "reconnect_after": 0.05}
    )
    tokens = Tokens("xoxb-1-valid", "xapp-1-valid")
    slack = SlackAdapter(SlackConfig(api_url=slack_api), tokens)
    discord = discord_plugin.build(section, {"DISCORD_BOT_TOKEN": TOKEN})
    async with await open_database(database_url) as database, open_inbox(database, clock) as inbox:
        slack.recall(StoredHistory(database))
        discord.recall(StoredHistory(database))
        adapters: dict[str, Adapter] = {"slack": slack, "discord": discord}
        worker = Worker(inbox, Repeats(), adapters, concurrency=16, clock=clock)
        reception = Intake(inbox, StoredTranscripts(database))
        service = Service([slack, discord], reception, worker, Repeats())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, service.stop)
        await service.run()


if __name__ == "__main__":
    logs.configure(level="CRITICAL")
    asyncio.run(main(*sys.argv[1:]))
