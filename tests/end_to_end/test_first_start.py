"""What was written before the very first start is never answered, at no later start either."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.delivery import open_inbox
from bot.messages import Event
from bot.ports import Inbox
from bot.storage import Database, StoredHistory, open_database
from tests.discord import desk
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT
from tests.servers.slack import SlackServer
from tests.slack.conftest import Recorder, connected, eventually


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{tmp_path}/desk.db") as opened:
        yield opened


@pytest.fixture
async def inbox(database: Database) -> AsyncIterator[Inbox]:
    async with open_inbox(database, SystemClock()) as opened:
        yield opened


class SlackReception(Recorder):
    """Keeps events in an inbox, too."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__()
        self._inbox = inbox

    async def accept(self, event: Event) -> bool:
        await self._inbox.accept(event)
        return await super().accept(event)


class DiscordReception(desk.Recorder):
    """Keeps events in an inbox, too."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__()
        self._inbox = inbox

    async def accept(self, event: Event) -> bool:
        await self._inbox.accept(event)
        return await super().accept(event)


async def test_slack_is_never_caught_up_with_before_the_first_start(
    database: Database, inbox: Inbox
) -> None:
    past, reception = StoredHistory(database), SlackReception(inbox)
    async with SlackServer() as slack:
        slack.workspace.pass_time(-60)
        slack.write("long before you came", user="U2", channel="D2")
        slack.workspace.pass_time(120)
        async with connected(slack, reception, past=past, catch_up_pace=0.0):
            slack.say("live", user="U2", channel="D2")
            await slack.sockets.settled()
        slack.write("meanwhile", user="U2", channel="D2")
        async with connected(slack, reception, past=past, catch_up_pace=0.0):
            await eventually(lambda: len(reception.events) == 2)
            await eventually(lambda: len(reception.calls) >= 3)

    assert reception.texts == ["live", "meanwhile"]


async def test_discord_is_never_caught_up_with_before_the_first_start(
    database: Database, inbox: Inbox
) -> None:
    past, reception = StoredHistory(database), DiscordReception(inbox)
    async with DiscordServer() as discord:
        lounge = discord.world.text_channel()
        discord.world.say(lounge, 8, f"<@{BOT}> long before you came")
        discord.world.tell(7, "before you came")
        await asyncio.sleep(0.01)
        async with desk.serving(discord, reception, past=past):
            discord.world.tell(7, "live")
            await reception.until(1)
        discord.world.say(lounge, 8, f"<@{BOT}> meanwhile")
        async with desk.serving(discord, reception, past=past):
            await reception.until(2)

    assert [event.message.text for event in reception.events] == ["live", "meanwhile"]


async def test_first_start_is_kept_by_account_and_an_older_database_counts_from_its_beginning(
    database: Database, inbox: Inbox
) -> None:
    past, clock = StoredHistory(database), SystemClock()
    first = await past.first_start("slack:T1/U1", clock.now())
    later = clock.now()

    assert await past.first_start("slack:T1/U1", later) == first
    assert await past.first_start("slack:T1/U2", later) == later
    assert await past.first_start("discord:1", later) == later
