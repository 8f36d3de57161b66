"""A colleague answers in the customer's own thread, on both platforms: it is theirs then."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import func, select

from bot.config.schema import Config, ServeConfig, StaffConfig
from bot.config.staff import MembersConfig
from bot.ownership import Owner
from bot.storage import open_database
from bot.storage.conversation_states import state_of
from bot.storage.tables import decisions
from tests.discord.desk import adapter_of
from tests.end_to_end.conftest import serving, staffed, until
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT
from tests.servers.slack import SlackServer
from tests.servers.slack.workspace import Post

STATUS = "Look under *My orders*."


async def owner_of(folder: Path, conversation: str) -> Owner:
    async with await open_database(f"sqlite:///{folder / 'desk.db'}") as database:
        return (await database.query(lambda it: state_of(it, conversation))).owner


async def becomes(folder: Path, conversation: str, owner: Owner) -> None:
    async with asyncio.timeout(60):
        while await owner_of(folder, conversation) is not owner:  # noqa: ASYNC110 - a database
            await asyncio.sleep(0.02)


async def decided(folder: Path, number: int) -> None:
    """Wait for so many decisions."""
    count = select(func.count()).select_from(decisions)
    async with asyncio.timeout(60):
        async with await open_database(f"sqlite:///{folder / 'desk.db'}") as database:
            while (await database.query(lambda it: it.scalar(count)) or 0) < number:  # noqa: ASYNC110
                await asyncio.sleep(0.02)


def said_in_c1(slack: SlackServer) -> list[Post]:
    """What the bot posted where the customer is; the case has its thread elsewhere."""
    return [post for post in slack.workspace.posts if post.channel == "C1"]


async def test_on_slack_the_colleague_alone_reads_that_it_is_theirs_and_gives_it_back(
    trained: Config, tmp_path: Path
) -> None:
    async with SlackServer() as slack, staffed(trained, tmp_path, slack):
        asked = slack.say("<@UBOT> where is my order?", channel="C1")
        await until(lambda: len(slack.workspace.posts) == 1)
        key = f"slack:A1:C1:{asked.ts}"
        slack.say("I'll look myself.", user="UBOSS", channel="C1", thread_ts=asked.ts)
        await until(lambda: len(slack.workspace.posts) == 2)
        yours = slack.workspace.posts[1]
        assert (yours.only_for, yours.thread_ts) == ("UBOSS", asked.ts)
        assert "You have it now" in yours.markdown
        assert await owner_of(tmp_path, key) is Owner.HUMAN

        slack.say("<@UBOT> where is my order?", channel="C1", thread_ts=asked.ts)
        await decided(tmp_path, 3)
        slack.press(yours, user="UBOSS")
        await becomes(tmp_path, key, Owner.BOT)
        slack.say("<@UBOT> where is my order?", channel="C1", thread_ts=asked.ts)
        await until(lambda: len(said_in_c1(slack)) >= 4)
        posts = said_in_c1(slack)

    assert [(post.only_for, post.markdown == STATUS) for post in posts] == [
        ("", True),
        ("UBOSS", False),
        ("UBOSS", False),
        ("", True),
    ]


async def test_on_discord_nobody_else_reads_of_the_take_over(
    trained: Config, tmp_path: Path
) -> None:
    async with DiscordServer() as discord:
        world = discord.world
        lounge = world.text_channel()
        team = MembersConfig(users=frozenset({"8"}))
        sections = {
            "staff": StaffConfig(members={"discord": team}),
            "serve": ServeConfig(port=0),
        }
        config = trained.model_copy(update=sections)
        async with serving(config, tmp_path, adapter_of(discord), public=True):
            await until(lambda: discord.gateway.identified)
            root = world.say(lounge, 7, f"<@{BOT}> where is my order?")
            await until(lambda: len(world.posts) == 1)
            where = int(world.posts[0].message["channel_id"])
            world.say(where, 8, "I'll look myself.", reply_to=root)
            await until(lambda: len(world.posts) == 2)
            told = world.posts[1].message
            assert int(told["channel_id"]) not in (lounge, where)
            assert "You have it now" in told["content"]
            world.say(where, 7, f"<@{BOT}> where is my order?")
            await decided(tmp_path, 3)
            custom = told["components"][0]["components"][0]["custom_id"]
            world.press(int(told["id"]), custom, 8)
            await becomes(tmp_path, f"discord:{BOT}:{where}", Owner.BOT)
            world.say(where, 7, f"<@{BOT}> where is my order?")
            await until(lambda: len(world.posts) == 3)
        here = [post.message["content"] for post in world.posts if post is not world.posts[1]]

    assert here == [STATUS, STATUS]
