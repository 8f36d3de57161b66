"""What a customer reads when the model server answers nonsense, half, nothing, or refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.slack import plugin
from bot.config import Config, GptConfig
from tests.end_to_end.conftest import serving, until
from tests.servers.openai import openai_server
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section

IN_ARTICLE = "how much does it cost to rent a tent for two per day"
IN_NONE = "who painted the Mona Lisa, and in which year?"
GIVEAWAYS = ("Traceback", "Error", "error", "exception", "429", "500", "JSON", "status", "timeout")


@pytest.mark.parametrize(
    "script",
    [
        "html",
        "nonsense_json",
        "half",
        "cut_midway",
        "empty",
        "too_many_requests",
        "broken",
        "hang_before",
    ],
)
async def test_customer_gets_the_article_or_an_honest_word(
    trained: Config, tmp_path: Path, script: str
) -> None:
    async with openai_server(script) as gpt, SlackServer() as slack:
        config = trained.model_copy(update={"gpt": GptConfig(base_url=gpt.url, timeout=3.0)})
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(config, tmp_path, adapter):
            await until(lambda: slack.sockets.sockets)
            slack.say(IN_ARTICLE, channel="D1")
            slack.say(IN_NONE, channel="D2")
            await until(lambda: len(slack.workspace.posts) == 2)
    said = {post.channel: post.markdown for post in slack.workspace.posts}
    assert gpt.requests
    assert "9 euro a day" in said["D1"]
    assert "I'd rather not guess" in said["D2"]
    assert not [word for word in GIVEAWAYS if word in "".join(said.values())]
