"""Kills and failures while a case is worked: each line stands once, in order; marks are true."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.discord import plugin
from adapters.discord.config import DiscordConfig
from bot.answering.wording import BotWording
from bot.app.desk import build_desk
from bot.clock import SystemClock
from bot.config.schema import Config
from bot.config.staff import MembersConfig, StaffConfig, TeamConfig
from bot.messages import Author, Message, Readers
from bot.staff.desk import Opening
from bot.staff.teams import Teams
from bot.storage import Database, open_database
from bot.storage.outbox import OPEN
from bot.storage.tables import outbox
from tests.delivery.processes import DeskProcess
from tests.discord import outbox_process
from tests.servers.discord import TOKEN, DiscordServer
from tests.servers.discord.faults import Fault, Flaky
from tests.servers.discord.payloads import Json
from tests.servers.discord.world import BOT

CUSTOMER, LINES, KILLS = 7, 10, 3
LATER = 301  # seconds; Discord remembers a nonce for 300
AGENT = Author("discord:discord:8", "Grace", staff=True)


async def started(server: DiscordServer, url: str, since: float) -> DeskProcess:
    desk = partial(outbox_process.main, api_url=server.api_url, since=since)
    return await DeskProcess.start(desk, url, Path(), 0)


async def left(database: Database) -> int:
    """Return how many posts are still to be made."""
    query = select(outbox.c.id).where(outbox.c.state.in_(OPEN))
    return len(await database.query(lambda connection: connection.execute(query).all()))


async def written(server: DiscordServer, database: Database, cases: int) -> None:
    """Open a case, and let a member of staff reply to it again and again."""
    section = DiscordConfig(api_url=server.api_url)
    adapter = plugin.build(section, {"DISCORD_BOT_TOKEN": TOKEN})
    speaking = asyncio.create_task(adapter.speak())
    while not adapter.connected:  # noqa: ASYNC110 - the adapter tells nobody
        await asyncio.sleep(0.01)
    members = {"discord": MembersConfig(users=frozenset({"8"}))}
    teams = {"default": TeamConfig(cases={"discord": str(cases)})}
    config = Config(staff=StaffConfig(members=members, teams=teams))
    direct = server.world.direct_channel(CUSTOMER)["id"]
    place = f"discord:{BOT}:{direct}"
    asked = Message(
        f"{place}:{server.world.tell(CUSTOMER, 'hello')}",
        place,
        Author(f"discord:discord:{CUSTOMER}", "Ann"),
        "hello",
        datetime.now(UTC),
        readers=Readers.AUTHOR,
    )
    wording = BotWording(config.responder, "en")
    desk = build_desk(config, [adapter], database, SystemClock(), wording)
    team = Teams(config.staff).default
    case = await desk.open(asked, Opening("asked", team, language="en"))
    for number in range(LINES):
        await desk.reply(case.number, AGENT, f"line {number}.", cause=f"act:{number}")
    await adapter.close()
    await speaking


def standing(server: DiscordServer, channel: object) -> list[Json]:
    return [each for each in server.world.standing if each["channel_id"] == str(channel)]


@pytest.mark.parametrize("kind", ["text", "forum"])
async def test_killed_again_and_again_each_line_stands_once_in_order_with_its_mark(
    tmp_path: Path, kind: str
) -> None:
    chance = random.Random(20261129)  # noqa: S311 - moments and faults, no secrets
    url, since = f"sqlite:///{tmp_path}/desk.db", time.time()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(DiscordServer())
        database = await stack.enter_async_context(await open_database(url))
        world = server.world
        cases = world.text_channel() if kind == "text" else world.forum()
        await written(server, database, cases)
        for method, path in (("POST", "/(messages|threads)$"), ("PUT", "/reactions/")):
            for after in (False, True):
                server.faults.append(Flaky(method, path, 503, after, 0, 0, 0.05, chance))
        for kill in range(KILLS):  # the first one while the thread is being opened
            hanging = Fault("POST", "/(messages|threads)$", 0, after=True)
            process = await started(server, url, since)
            async with asyncio.timeout(30):
                while len(world.posts) < 4 * kill:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                server.faults.insert(0, hanging)
                while hanging.times:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            process.kill()
            await process.wait()
            server.clock.advance(LATER)
        process = await started(server, url, since)
        async with asyncio.timeout(60):
            while await left(database):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        process.kill()
        await process.wait()
        outside = standing(server, world.direct_channel(CUSTOMER)["id"])
        (thread,) = world.threads(archived=False)
        wanted = [f"line {number}." for number in range(LINES)]
        copies = standing(server, thread["id"])
        inside = [each for each in copies if any(text in each["content"] for text in wanted)]

    assert [each["content"].partition("** ")[2] for each in outside] == wanted
    assert [text for each in inside for text in wanted if text in each["content"]] == wanted
    assert [world.reactions.get(int(each["id"])) for each in inside] == [["✅"]] * LINES
