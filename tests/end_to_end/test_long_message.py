"""A message that is long and odd is answered, its beginning read, and nobody else waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config.schema import Config
from tests.end_to_end.conftest import until
from tests.end_to_end.test_model_servers import IN_ARTICLE, desk
from tests.servers.openai import openai_server

TRUE = "A tent for two costs 9 euro a day to rent."
NOTICES = ("I have read only the beginning", "我只读了开头部分")


@pytest.mark.parametrize("piece", ["12-12 ", "[a](", " \n", "三百二十天,"])
async def test_a_long_odd_message_holds_nobody_up(
    trained: Config, tmp_path: Path, piece: str
) -> None:
    async with openai_server(answer=TRUE) as gpt, desk(trained, tmp_path, gpt) as slack:
        slack.say(f"{IN_ARTICLE}? {piece * (39_000 // len(piece))}", channel="D1")
        slack.say(IN_ARTICLE, channel="D2")
        await until(lambda: len(slack.workspace.posts) == 2)

        said = {post.channel: post.markdown for post in slack.workspace.posts}

    asked = [each["content"] for r in gpt.requests for each in r.body["messages"][1:]]
    assert "9 euro a day" in said["D2"]
    assert not any(notice in said["D2"] for notice in NOTICES)
    assert any(notice in said["D1"] for notice in NOTICES) is bool(piece.strip())
    assert all(len(content) < 12_000 for content in asked)
