"""Staff pause the bot, look over its shoulder, and hear of trouble."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.app.build import open_service
from bot.clock import SystemClock
from bot.config.schema import Config, ServeConfig, StaffConfig
from bot.config.staff import MembersConfig
from bot.staff.pauses import EVERYWHERE, FRESH, Pauses
from bot.storage import open_database
from bot.storage.cases import Cases
from tests.discord.desk import adapter_of
from tests.end_to_end.conftest import staffed, until
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT_ROLE
from tests.servers.slack import SlackServer


async def test_staff_pause_and_resume_by_slash_command(trained: Config, tmp_path: Path) -> None:
    async with SlackServer() as slack, staffed(trained, tmp_path, slack):
        slack.command("pause", user="UBOSS")
        await until(lambda: len(slack.workspace.posts) == 1)
        await asyncio.sleep(FRESH)
        slack.say("where is my order?", channel="D7")
        async with await open_database(f"sqlite:///{tmp_path}/desk.db") as database:
            cases = Cases(database, SystemClock())
            while not await cases.count("paused"):  # noqa: ASYNC110 - a database has no event
                await asyncio.sleep(0.01)
        slack.command("resume", user="UBOSS")
        await until(lambda: len(slack.workspace.posts) == 2)
        await asyncio.sleep(FRESH)
        slack.say("where is my order?", channel="D7")
        await until(lambda: len(slack.workspace.posts) == 3)
        async with await open_database(f"sqlite:///{tmp_path}/desk.db") as database:
            (case,) = await Cases(database, SystemClock()).listed()
        posts = slack.workspace.posts

    assert [post.only_for for post in posts] == ["UBOSS", "UBOSS", ""]
    assert posts[2].markdown == "Look under *My orders*."
    assert (case.kind, case.text) == ("paused", "where is my order?")


async def test_staff_pause_and_resume_by_discords_own_command(
    trained: Config, tmp_path: Path
) -> None:
    async with DiscordServer() as discord:
        lounge = discord.world.text_channel()
        team = MembersConfig(roles=frozenset({str(BOT_ROLE)}))
        discord.world.roles_of[8] = (BOT_ROLE,)
        config = trained.model_copy(
            update={
                "database": f"sqlite:///{tmp_path}/desk.db",
                "staff": StaffConfig(members={"discord": team}),
                "serve": ServeConfig(port=0),
            }
        )
        adapters = [adapter_of(discord)]
        async with open_service(config, {}, adapters=adapters, public=True) as service:
            running = asyncio.create_task(service.run())
            await until(lambda: discord.world.commands)
            uses = [discord.world.command(lounge, user, "pause") for user in (7, 8)]
            await until(lambda: all(discord.world.interactions[use].edits for use in uses))
            async with await open_database(config.database) as database:
                (pause,) = await Pauses(database, SystemClock()).listed()
            resume = discord.world.command(lounge, 8, "resume")
            await until(lambda: discord.world.interactions[resume].edits)
            async with await open_database(config.database) as database:
                assert await Pauses(database, SystemClock()).listed() == []
            service.stop()
            await running

    refused, obeyed = (discord.world.interactions[use].edits[0]["content"] for use in uses)
    assert "for staff" in refused
    assert "Paused everywhere" in obeyed
    assert (pause.place, pause.actor) == (EVERYWHERE, "discord:discord:8")
    assert discord.world.posts == []


async def test_a_pause_from_the_command_line_reaches_a_running_service(
    trained: Config, tmp_path: Path
) -> None:
    async with (
        SlackServer() as slack,
        staffed(trained, tmp_path, slack),
        await open_database(f"sqlite:///{tmp_path}/desk.db") as database,
    ):
        await Pauses(database, SystemClock()).pause(EVERYWHERE, "cli:root")
        slack.say("where is my order?", channel="D7")
        while not await Cases(database, SystemClock()).count("paused"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)

        assert slack.workspace.posts == []


async def test_in_shadow_mode_staff_alone_read_the_answer(trained: Config, tmp_path: Path) -> None:
    async with SlackServer() as slack, staffed(trained, tmp_path, slack, shadow=True):
        slack.say("where is my order?", channel="D7")
        await until(lambda: slack.workspace.posts)
        (post,) = slack.workspace.posts

    assert post.channel == "G1"
    assert "> where is my order?" in post.markdown
    assert "Look under *My orders*." in post.markdown
