"""In the middle of answers bots are killed and questions changed: what stands is finished."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.end_to_end.conftest import until
from tests.end_to_end.streaming_process import whole
from tests.servers.discord import DiscordServer
from tests.servers.discord.world import BOT
from tests.servers.slack import SlackServer

QUESTIONS = [f"tent {number}" for number in range(3)]


@asynccontextmanager
async def running(folder: Path, *arguments: str) -> AsyncIterator[Callable[[], object]]:
    """Run the bot in a process; yield what kills it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-m", "tests.end_to_end.streaming_process"),
        *(f"sqlite:///{folder / 'desk.db'}", *arguments),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process.kill
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("late", [0, 301])  # seconds; Discord remembers a nonce for 300
async def test_on_discord_what_was_shown_is_finished(tmp_path: Path, late: int) -> None:
    async with DiscordServer() as server:
        world = server.world
        channel = world.text_channel()
        urls = ("discord", server.api_url, server.gateway_url)

        def texts() -> list[str]:
            return [post.message["content"] for post in world.posts]

        async with running(tmp_path, *urls) as kill:
            await server.gateway.until(identified=1)
            for number, question in enumerate(QUESTIONS):
                world.say(channel, 7 + number, f"<@{BOT}> {question}")
            await until(lambda: len(texts()) == len(QUESTIONS))
            kill()
            assert not {whole(question) for question in QUESTIONS} & set(texts())
        server.clock.advance(late)
        async with running(tmp_path, *urls):
            wanted = Counter(whole(question) for question in QUESTIONS)
            await until(lambda: Counter(texts()) == wanted)
        assert len({post.message["channel_id"] for post in world.posts}) == len(QUESTIONS)


@pytest.mark.parametrize("where", ["D", "C1"])
async def test_on_slack_what_was_shown_is_finished(tmp_path: Path, where: str) -> None:
    async with SlackServer() as slack:
        workspace = slack.workspace

        def texts() -> list[str]:
            return [post.markdown for post in workspace.posts]

        async with running(tmp_path, "slack", slack.api_url) as kill:
            await until(lambda: slack.sockets.sockets)
            for number, question in enumerate(QUESTIONS):
                channel = f"D{number}" if where == "D" else where
                mention = "" if where == "D" else f"<@{workspace.bot_user}> "
                slack.say(f"{mention}{question}", user=f"U{number}", channel=channel)
            await until(lambda: len(texts()) == len(QUESTIONS))
            kill()
            assert not {whole(question) for question in QUESTIONS} & set(texts())
        async with running(tmp_path, "slack", slack.api_url):
            wanted = Counter(whole(question) for question in QUESTIONS)
            await until(lambda: Counter(texts()) == wanted)
        assert not any(post.streaming for post in workspace.posts)


@pytest.mark.parametrize("where", ["D1", "C1"])
async def test_question_that_is_edited_while_it_is_answered_gets_one_answer_in_its_place(
    tmp_path: Path, where: str
) -> None:
    async with SlackServer() as slack, running(tmp_path, "slack", slack.api_url):
        await until(lambda: slack.sockets.sockets)
        mention = "" if where == "D1" else f"<@{slack.workspace.bot_user}> "
        asked = slack.say(f"{mention}tents", channel=where)
        await until(lambda: slack.workspace.posts)
        (post,) = slack.workspace.posts
        slack.edit(asked, f"{mention}boots")
        await until(lambda: post.markdown == whole("boots"))
        assert slack.workspace.posts == [post]
        assert not post.streaming


@pytest.mark.parametrize("where", ["D1", "C1"])
async def test_question_that_is_deleted_while_it_is_answered_leaves_no_answer(
    tmp_path: Path, where: str
) -> None:
    async with SlackServer() as slack, running(tmp_path, "slack", slack.api_url):
        await until(lambda: slack.sockets.sockets)
        mention = "" if where == "D1" else f"<@{slack.workspace.bot_user}> "
        asked = slack.say(f"{mention}tents", channel=where)
        await until(lambda: slack.workspace.posts)
        slack.delete(asked)
        await until(lambda: not slack.workspace.posts)
        slack.say("boots", channel="D2")
        await until(lambda: whole("boots") in [post.markdown for post in slack.workspace.posts])
        assert len(slack.workspace.posts) == 1
