"""A customer of one platform is served from the desk of another, in both directions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.slack import plugin as slack_plugin
from bot.answering.wording import BotWording
from bot.app.build import open_service
from bot.app.desk import build_desk
from bot.clock import SystemClock
from bot.config.schema import Config, ServeConfig
from bot.config.staff import MembersConfig, StaffConfig, TeamConfig
from bot.messages import Author, Message, Readers
from bot.ports import Adapter
from bot.staff.desk import Opening
from bot.staff.teams import Teams
from bot.storage import open_database
from tests.discord.desk import adapter_of
from tests.end_to_end.conftest import until
from tests.servers.discord import DiscordServer
from tests.servers.discord.payloads import Json
from tests.servers.discord.world import BOT, BOT_ROLE
from tests.servers.slack import SlackServer
from tests.servers.slack.workspace import Post
from tests.slack.conftest import environment, section

DISCORD_CUSTOMER, DISCORD_AGENT = 7, 8
SLACK_CUSTOMER, SLACK_AGENT = "U7", "UBOSS"


@dataclass
class Platforms:
    """A service on both platforms."""

    slack: SlackServer
    discord: DiscordServer

    @property
    def direct(self) -> int:
        """The customer's direct messages on Discord."""
        return int(self.discord.world.direct_channel(DISCORD_CUSTOMER)["id"])

    def on_discord(self, channel: object) -> list[Json]:
        standing = self.discord.world.standing
        return [each for each in standing if each["channel_id"] == str(channel)]

    def on_slack(self, channel: str) -> list[Post]:
        return [each for each in self.slack.workspace.posts if each.channel == channel]


@asynccontextmanager
async def serving(
    trained: Config, folder: Path, cases: str, conversation: str, author: Author
) -> AsyncIterator[Platforms]:
    """Serve both platforms, with an open case of a customer.

    Args:
        trained: The configuration of a shop.
        folder: For the database.
        cases: Platform on which cases stand.
        conversation: Of the customer.
        author: The customer.
    """
    async with SlackServer() as slack, DiscordServer() as discord:
        at = Platforms(slack, discord)
        discord.world.roles_of[DISCORD_AGENT] = (BOT_ROLE,)
        forum = discord.world.forum("cases")
        config = _config(trained, folder, {cases: "G1" if cases == "slack" else str(forum)})
        adapters: list[Adapter] = [
            slack_plugin.build(section(slack), environment(slack)),
            adapter_of(discord),
        ]
        where = conversation.format(direct=at.direct)
        async with open_service(config, {}, adapters=adapters, public=True) as service:
            running = asyncio.create_task(service.run())
            await discord.gateway.until(identified=1)
            await until(lambda: slack.sockets.sockets)
            try:
                await _opened(config, adapters, where, author)
                yield at
            finally:
                service.stop()
                await running


def _config(trained: Config, folder: Path, cases: dict[str, str]) -> Config:
    members = {
        "discord": MembersConfig(roles=frozenset({str(BOT_ROLE)})),
        "slack": MembersConfig(users=frozenset({SLACK_AGENT})),
    }
    teams = {"default": TeamConfig(cases=cases)}
    update = {
        "database": f"sqlite:///{folder}/desk.db",
        "staff": StaffConfig(members=members, teams=teams, assist=False),
        "serve": ServeConfig(port=0),
    }
    return trained.model_copy(update=update)


async def _opened(config: Config, adapters: list[Adapter], place: str, author: Author) -> None:
    async with await open_database(config.database) as database:
        desk = build_desk(
            config, adapters, database, SystemClock(), BotWording(config.responder, "en")
        )
        asked = Message(
            f"{place}:1700000000.000100",
            place,
            author,
            "where is **my** tent? @here",
            datetime.now(UTC),
            readers=Readers.AUTHOR,
        )
        team = Teams(config.staff).default
        case = await desk.open(asked, Opening("asked", team, language="en"))
        assert await desk.told(case.number, within=20)


async def test_a_slack_customer_is_served_from_a_forum_on_discord(
    trained: Config, tmp_path: Path
) -> None:
    ann = Author(f"slack:T1:{SLACK_CUSTOMER}", "Ann")
    async with serving(trained, tmp_path, "discord", "slack:A1:D7", ann) as at:
        world = at.discord.world
        (thread,) = world.threads(archived=False)
        root = int(thread["id"])
        world.user(9, "ada")
        file = world.files.add("bill.pdf", b"12.50", "application/pdf")
        text = "!send It left **today** <:tent:5>, ask <@9>, ||soon|| @everyone"
        line = world.say(root, DISCORD_AGENT, text, attachments=(file,))
        await until(lambda: world.reactions.get(line) == ["✅"])
        said = at.on_slack("D7")
        shot = at.slack.files.add("tear.png", b"\x89PNG", "image/png")
        at.slack.say(
            "it is *torn*, <@UBOSS> :wave: <!channel>",
            user=SLACK_CUSTOMER,
            channel="D7",
            subtype="file_share",
            files=[shot],
        )
        await until(lambda: [each for each in at.on_discord(root) if each["attachments"]])
        inside = [each for each in at.on_discord(root) if "torn" in each["content"]]
        sent = [file for each in at.on_discord(root) for file in each["attachments"]]

    (words,) = [each.markdown for each in said if each.markdown]
    assert "It left **today** :tent:, ask @Ada, (spoiler: soon)" in words
    assert "@everyone" not in words
    assert "<!" not in words
    assert [name for each in said for name in [file["name"] for file in each.files]] == ["bill.pdf"]
    assert len(inside) == 1
    assert "*torn*" in inside[0]["content"]
    assert "👋" in inside[0]["content"]
    assert "<!channel>" not in inside[0]["content"]
    assert [world.files.content(each) for each in sent] == [b"\x89PNG"]
    requests = [post.request.get("message", post.request) for post in world.posts]
    assert all(each["allowed_mentions"] == {"parse": []} for each in requests)


async def test_a_discord_customer_is_served_from_slack(trained: Config, tmp_path: Path) -> None:
    ann = Author(f"discord:discord:{DISCORD_CUSTOMER}", "Ann")
    place = f"discord:{BOT}:{{direct}}"
    async with serving(trained, tmp_path, "slack", place, ann) as at:
        world = at.discord.world
        root = next(each for each in at.on_slack("G1") if not each.thread_ts)
        bill = at.slack.files.add("bill.pdf", b"%PDF-1.7", "application/pdf")
        line = at.slack.say(
            "!send your *bill* <!channel> :tada:",
            user=SLACK_AGENT,
            channel="G1",
            thread_ts=root.ts,
            subtype="file_share",
            files=[bill],
        )
        await until(lambda: line.reactions == ["white_check_mark"])
        (copy,) = at.on_discord(at.direct)
        at.slack.edit(line, "!send your _new_ bill")
        await until(lambda: "*new*" in at.on_discord(at.direct)[0]["content"])
        world.tell(DISCORD_CUSTOMER, "||thanks|| <:tent:5>\n```\na || b || *c*\n```")
        await until(lambda: [each for each in at.on_slack("G1") if "spoiler" in each.markdown])
        at.slack.delete(line)
        await until(lambda: not at.on_discord(at.direct))
        carried = [each.markdown for each in at.on_slack("G1") if "spoiler" in each.markdown]

    assert copy["attachments"][0]["filename"] == "bill.pdf"
    assert world.files.content(copy["attachments"][0]) == b"%PDF-1.7"
    assert "(spoiler: thanks) :tent:" in carried[0]
    assert "```\na || b || *c*\n```" in carried[0]
