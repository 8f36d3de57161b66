"""An answer of GPT is seen while GPT is still writing it, on both platforms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from adapters.discord import plugin as discord_plugin
from adapters.discord.config import DiscordConfig
from adapters.slack import plugin as slack_plugin
from bot.config.schema import Config, GptConfig
from tests.end_to_end.conftest import serving, until
from tests.servers.discord import TOKEN, DiscordServer
from tests.servers.discord.world import BOT
from tests.servers.openai_protocol import Exchange, chunk, completions
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section

QUESTION = "how much does it cost to rent a tent for two people per day"
ANSWER = "A tent for two costs 9 euro a day to rent"


class Choosing:
    """A model that chooses a sentence, and ends its reply when it may."""

    def __init__(self) -> None:
        self.chosen = asyncio.Event()
        self.may_end = asyncio.Event()
        self.url = ""

    async def complete(self, request: web.Request) -> web.StreamResponse:
        exchange = Exchange(await request.json(), "", request, asyncio.Event(), asyncio.Event())
        response = await exchange.open()
        said = '{"choices":[{"part":1,"unit":1}'
        await exchange.event(response, chunk({"role": "assistant", "content": said}))
        self.chosen.set()
        await self.may_end.wait()
        await exchange.event(response, chunk({"content": "]}"}))
        return await exchange.end(response)


@asynccontextmanager
async def choosing() -> AsyncIterator[Choosing]:
    model = Choosing()
    async with completions(model.complete) as model.url:
        yield model


def with_gpt(trained: Config, model: Choosing) -> Config:
    return trained.model_copy(update={"gpt": GptConfig(base_url=model.url)})


async def test_on_slack_the_first_chosen_sentence_stands_before_the_model_ends(
    trained: Config, tmp_path: Path
) -> None:
    async with choosing() as model, SlackServer() as slack:
        adapter = slack_plugin.build(section(slack), environment(slack))
        async with serving(with_gpt(trained, model), tmp_path, adapter):
            await until(lambda: slack.sockets.sockets)
            slack.say(f"<@{slack.workspace.bot_user}> {QUESTION}", channel="C1")
            await until(lambda: slack.workspace.posts)
            (post,) = slack.workspace.posts
            assert ANSWER in post.markdown
            assert post.streaming
            model.may_end.set()
            await until(lambda: not post.streaming)
    assert slack.workspace.posts == [post]
    assert [block["type"] for block in post.blocks].count("markdown") == 1
    assert post.metadata


async def test_on_discord_the_first_chosen_sentence_stands_before_the_model_ends(
    trained: Config, tmp_path: Path
) -> None:
    async with choosing() as model, DiscordServer() as server:
        channel = server.world.text_channel()
        urls = {"api_url": server.api_url, "gateway_url": server.gateway_url}
        adapter = discord_plugin.build(
            DiscordConfig.model_validate(urls), {"DISCORD_BOT_TOKEN": TOKEN}
        )
        async with serving(with_gpt(trained, model), tmp_path, adapter):
            await server.gateway.until(identified=1)
            asked = server.world.say(channel, 7, f"<@{BOT}> {QUESTION}")
            await until(lambda: server.world.posts)
            (post,) = server.world.posts
            assert ANSWER in post.message["content"]
            assert post.message["channel_id"] == str(asked)
            assert "-# Sources" not in post.message["content"]
            model.may_end.set()
            await until(lambda: "-# Sources" in post.message["content"])
    assert server.world.posts == [post]
