"""Attempts at somebody else's order, through the real adapters on Slack's and Discord's servers."""

from __future__ import annotations

import asyncio
import copy
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from adapters.discord.heard import BUTTON_PREFIX
from adapters.slack import plugin
from bot.app.build import open_service
from bot.clock import SystemClock
from bot.config.proof import ProofConfig
from bot.config.schema import Config, load_config
from bot.ports import Adapter
from bot.publishing.train import train_everything
from bot.storage import open_database
from bot.storage.proofs import StoredProofs
from examples.shop import RunningShop, running_shop
from tests.discord.desk import adapter_of
from tests.end_to_end.conftest import until
from tests.examples.test_attacks import ACTIONS, HEAD, INTENTS, SECRET
from tests.servers.discord import DiscordServer
from tests.servers.discord.payloads import DIRECT, Json
from tests.servers.discord.world import BOT
from tests.servers.slack import SlackServer
from tests.servers.slack.workspace import Post
from tests.slack.conftest import environment, section

TOKEN = "of-the-test"
ANN, MALLORY, SOMEBODY = "U1", "U9", "U3"
ANNS, MALLORYS, SOMEBODYS = 1_001, 9_009, 3_003


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, int]:
    """A desk whose actions call a shop on a free port, which is returned, too."""
    folder = tmp_path_factory.mktemp("attacked")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    (folder / "intents").mkdir()
    (folder / "intents" / "shop.yaml").write_text(INTENTS, "utf-8")
    actions = ACTIONS.replace("HEAD", HEAD).replace(":8765", f":{port}")
    (folder / "intents" / "actions.yaml").write_text(actions, "utf-8")
    path = folder / "config.yaml"
    path.write_text("intents: intents\nmodel: model\nresponder: {introduction: false}\n")
    config = load_config(path, {})
    train_everything(config)
    serving = config.serve.model_copy(update={"port": 0, "rate_limit": False})
    proof = ProofConfig(ways=("linked", "code"), key=folder / "proof.key")
    return config.model_copy(update={"serve": serving, "proof": proof}), port


@asynccontextmanager
async def desk(
    attacked: tuple[Config, int], folder: Path, adapter: Adapter, ann: str
) -> AsyncIterator[RunningShop]:
    """Run the service and its shop; Ann has linked her account."""
    config, port = attacked
    url = f"sqlite:///{folder / 'desk.db'}"
    async with (
        running_shop(TOKEN, port=port) as shop,
        open_service(
            config, {"SHOP_TOKEN": TOKEN}, adapters=[adapter], database_url=url, public=True
        ) as service,
        await open_database(url) as database,
    ):
        await StoredProofs(database, SystemClock()).keep(ann, "linked", subject="c1001")
        running = asyncio.create_task(service.run())
        try:
            yield shop
        finally:
            service.stop()
            with suppress(asyncio.CancelledError):
                await running


async def code_of(shop: RunningShop, customer: str) -> str:
    """Wait for the newest code that was mailed to a customer."""
    async with asyncio.timeout(30):
        while not (mails := await shop.shop.mails(customer)):  # noqa: ASYNC110 - a server
            await asyncio.sleep(0.05)
    return str(mails[0]["code"])


def tells(text: str) -> bool:
    """Return whether a text has something of Ann's order."""
    return any(each in text for each in SECRET)


async def test_on_slack_nobody_reads_or_changes_what_is_anothers(
    attacked: tuple[Config, int], tmp_path: Path
) -> None:
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with desk(attacked, tmp_path, adapter, f"slack:T1:{ANN}") as shop:
            await until(lambda: slack.sockets.sockets)

            def newest(channel: str, count: int) -> Post | None:
                found = [each for each in slack.workspace.posts if each.channel == channel]
                return found[count - 1] if len(found) >= count else None

            async def posted(channel: str, count: int) -> Post:
                await until(lambda: newest(channel, count))
                found = newest(channel, count)
                assert found is not None
                return found

            # in a thread: her order comes in her direct messages
            root = slack.say("<@UBOT> where is my order 48213", user=ANN, channel="C1")
            public = await posted("C1", 1)
            private = await posted("D1", 1)
            assert tells(private.text + str(private.blocks))
            # her button, pressed by another; and the thread, shared by another
            slack.press(public, user=MALLORY)
            told = await posted("C1", 2)
            assert told.only_for == MALLORY
            slack.say("where is my order", user=MALLORY, channel="C1", thread_ts=root.ts)
            await posted("C1", 3)
            assert slack.workspace.views == []
            # a confirmation that is forged, and hers, pressed by another
            slack.say("cancel my order 50927", user=ANN, channel="D1")
            asked = await posted("D1", 2)
            forged = copy.deepcopy(asked)
            for block in forged.blocks:
                for element in block.get("elements", ()):
                    element["value"] = "b_0123456789abcdef"
            slack.press(forged, user=ANN)
            await posted("D1", 3)
            slack.press(asked, user=MALLORY)
            await slack.sockets.settled()
            # a code that stood in the channel opens nothing
            slack.say("where is my order 48213", user=SOMEBODY, channel="D3")
            await posted("D3", 1)
            code = await code_of(shop, "c1001")
            slack.say(f"<@UBOT> my code is {code}", user=SOMEBODY, channel="C1")
            await until(
                lambda: any(
                    each.channel == "C1" and "void" in each.text for each in slack.workspace.posts
                )
            )
            slack.say(code, user=SOMEBODY, channel="D3")
            await posted("D3", 2)
            before = await shop.shop.rows("50927")
            assert [row["status"] for row in before["orders"]] == ["processing"]
            # she herself presses it: it is done
            slack.press(asked, user=ANN)
            await until(lambda: any("is cancelled" in p.text for p in slack.workspace.posts))
        seen = [(p.only_for or p.channel, p.text + str(p.blocks)) for p in slack.workspace.posts]
        assert {place for place, text in seen if tells(text)} == {"D1"}
        assert not any("is cancelled" in text for place, text in seen if place != "D1")


async def test_on_discord_nobody_reads_or_changes_what_is_anothers(
    attacked: tuple[Config, int], tmp_path: Path
) -> None:
    async with DiscordServer() as discord:
        world = discord.world
        channel = world.text_channel()
        ann = f"discord:discord:{ANNS}"
        async with desk(attacked, tmp_path, adapter_of(discord), ann) as shop:
            await discord.gateway.until(identified=1)
            answered: list[int] = []

            def said(reader: int) -> list[Json]:
                """What stands in the direct messages of a person; 0: where others read."""
                return [each for each in world.standing if _reader(discord, each) == reader]

            async def used(interaction: int) -> str:
                """Wait for what the one who used something is told alone."""
                answered.append(interaction)
                answers = world.interactions[interaction]
                await until(lambda: answers.edits or answers.followups)
                return str([*answers.edits, *answers.followups])

            # in a channel: her order comes in her direct messages
            world.say(channel, ANNS, f"<@{BOT}> where is my order 48213")
            await until(lambda: said(0) and said(ANNS))
            (public,) = said(0)
            assert tells(str(said(ANNS)))
            # the thread, shared by another
            world.say(int(public["channel_id"]), MALLORYS, f"<@{BOT}> where is my order")
            await until(lambda: len(said(0)) > 1)
            # a confirmation that is forged, and hers, pressed by another
            world.tell(ANNS, "cancel my order 50927")
            await until(
                lambda: any(
                    "50927" in str(each["components"]) + each["content"] for each in said(ANNS)
                )
            )
            asked = said(ANNS)[-1]
            confirm = asked["components"][0]["components"][0]["custom_id"]
            forged = f"{BUTTON_PREFIX}b_0123456789abcdef"
            world.press(int(asked["id"]), forged, ANNS)
            other = await used(world.press(int(asked["id"]), confirm, MALLORYS))
            assert "another person" in other
            # a code that stood in the channel opens nothing
            world.tell(SOMEBODYS, "where is my order 48213")
            await until(lambda: said(SOMEBODYS))
            code = await code_of(shop, "c1001")
            world.say(channel, SOMEBODYS, f"<@{BOT}> my code is {code}")
            await until(lambda: any("void" in each["content"] for each in said(0)))
            world.tell(SOMEBODYS, code)
            await until(lambda: len(said(SOMEBODYS)) > 1)
            before = await shop.shop.rows("50927")
            assert [row["status"] for row in before["orders"]] == ["processing"]
            # she herself presses it: it is done
            world.press(int(asked["id"]), confirm, ANNS)
            await until(lambda: any("is cancelled" in each["content"] for each in said(ANNS)))
        told = {_reader(discord, each) for each in world.standing if tells(str(each))}
        assert told == {ANNS}
        assert not any(tells(str(world.interactions[each].followups)) for each in answered)


def _reader(discord: DiscordServer, message: Json) -> int:
    """Return who alone reads a message; 0: others do."""
    channel = discord.world.channels[int(message["channel_id"])]
    return int(channel["recipients"][0]["id"]) if channel["type"] == DIRECT else 0
