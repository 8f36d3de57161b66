"""A desk whose GPT runs on this machine, in a process that can die alone."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.slack import plugin
from bot.config import Config, GptConfig
from tests.answering.test_local_gpt import FILE
from tests.end_to_end.conftest import local_gpt_process, serving, until
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section

pytestmark = [
    pytest.mark.skipif(not FILE.exists(), reason=f"NO LOCAL GPT at {FILE}: run `make local-gpt`"),
    pytest.mark.timeout(300),
]

QUESTION = "how much does it cost to rent a tent for two per day"


@asynccontextmanager
async def desk(trained: Config, folder: Path) -> AsyncIterator[SlackServer]:
    gpt = GptConfig(provider="local", model_path=FILE, max_tokens=40, context=2_048, timeout=60)
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        config = trained.model_copy(update={"gpt": gpt})
        async with serving(config, folder, adapter):
            await until(lambda: slack.sockets.sockets)
            yield slack


async def test_what_no_intent_covers_is_answered(trained: Config, tmp_path: Path) -> None:
    async with desk(trained, tmp_path) as slack:
        slack.say(QUESTION, channel="D1")
        await until(lambda: slack.workspace.posts)
    (post,) = slack.workspace.posts
    assert "9 euro" in post.markdown
    assert "rror" not in post.markdown


async def test_when_its_process_dies_in_mid_answer_the_article_is_quoted(
    trained: Config, tmp_path: Path
) -> None:
    async with desk(trained, tmp_path) as slack:
        process = local_gpt_process()
        os.kill(process, signal.SIGSTOP)  # so that it cannot finish before it dies
        slack.say(QUESTION, channel="D1")
        await asyncio.sleep(2)
        assert not slack.workspace.posts
        os.kill(process, signal.SIGKILL)
        await until(lambda: slack.workspace.posts)
    (post,) = slack.workspace.posts
    assert "9 euro a day" in post.markdown
