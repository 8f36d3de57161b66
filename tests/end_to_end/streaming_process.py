"""A bot that answers slowly, in a process of its own, to be killed.

`... DATABASE slack API_URL` or `... DATABASE discord API_URL GATEWAY_URL`
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

from adapters.discord import plugin as discord_plugin
from adapters.discord.config import DiscordConfig
from adapters.slack import plugin as slack_plugin
from adapters.slack.config import SlackConfig
from bot.app.service import Service
from bot.clock import SystemClock
from bot.delivery import Intake, Worker, open_inbox
from bot.messages import Decision, DecisionKind, Done, Event, Part, Say
from bot.ports import Adapter
from bot.storage import StoredHistory, StoredTranscripts, open_database
from tests.servers.discord import TOKEN

PAUSE = 0.5
SENTENCES = 4


def whole(question: str) -> str:
    """Return the answer to a question."""
    return " ".join(f"Sentence {number} about {question}." for number in range(SENTENCES))


class SlowResponder:
    """Answers sentence by sentence."""

    async def respond(self, event: Event) -> AsyncIterator[Part]:
        message = event.message
        for number in range(SENTENCES):
            yield Say(f"Sentence {number} about {message.text}. ")
            await asyncio.sleep(PAUSE)
        kind = DecisionKind.GENERATED
        yield Done(Decision(id=f"d:{message.id}", message_id=message.id, kind=kind))


def adapter_of(platform: str, api_url: str, gateway_url: str = "") -> Adapter:
    """Build the adapter of a platform."""
    if platform == "slack":
        tokens = {"SLACK_BOT_TOKEN": "xoxb-1-valid", "SLACK_APP_TOKEN": "xapp-1-valid"}
        return slack_plugin.build(SlackConfig(api_url=api_url), tokens)
    section = DiscordConfig(api_url=api_url, gateway_url=gateway_url)
    return discord_plugin.build(section, {"DISCORD_BOT_TOKEN": TOKEN})


async def main(url: str, platform: str, *urls: str) -> None:
    """Serve until killed."""
    clock, responder = SystemClock(), SlowResponder()
    adapter = adapter_of(platform, *urls)
    async with await open_database(url) as database, open_inbox(database, clock) as inbox:
        if platform == "discord":
            adapter.recall(StoredHistory(database))  # type: ignore[attr-defined]
        worker = Worker(inbox, responder, {platform: adapter}, concurrency=8, clock=clock)
        reception = Intake(inbox, StoredTranscripts(database))
        await Service([adapter], reception, worker, responder).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
