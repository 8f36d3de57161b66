"""What a customer gives away in a question: who gets to read it, and who does not."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import logs
from bot.config.schema import Config, GptConfig
from tests.end_to_end.conftest import own_words, staffed, until
from tests.servers.openai import OpenAIServer, openai_server
from tests.servers.slack import SlackServer

PLANTED = {
    "name": "Zbigniew Kowalczyk",
    "mail": "zbigniew.k@example.org",
    "phone": "+48 22 123 45 67",
    "iban": "DE89 3704 0044 0532 0130 00",
    "card": "4111 1111 1111 1111",
    "address": "221B Baker Street",
    "order": "AB-482139",
    "password": "hunter2x!",
}
QUESTION = (
    "I am {name} ({mail}, {phone}), I live at {address}. What does it cost to rent a tent for two? "
    "Order {order}, card {card}, IBAN {iban}, my password is {password}"
).format_map(PLANTED)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, by us and by every library."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    stream = io.StringIO()
    logs.configure(level="DEBUG", stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], root.level = before


def fallback(gpt: OpenAIServer) -> GptConfig:
    return own_words(gpt.url, timeout=5)


def leaked(text: str) -> list[str]:
    return [kind for kind, value in PLANTED.items() if value in text]


@pytest.mark.parametrize("script", ["normal", "broken", "cut_midway", "nonsense_json"])
async def test_neither_the_model_server_nor_the_log_gets_to_read_it(
    trained: Config, tmp_path: Path, log: io.StringIO, script: str
) -> None:
    async with SlackServer() as slack, openai_server(script) as gpt:
        async with staffed(trained, tmp_path, slack, gpt=fallback(gpt)):
            slack.say(QUESTION, channel="D7")
            await until(lambda: slack.workspace.posts and gpt.requests)
            await until(lambda: "finished" in log.getvalue() or slack.workspace.posts)

        assert leaked(repr([request.body for request in gpt.requests])) == []
        # slack's own client logs at DEBUG what it receives and posts: that is the conversation.
        ours = [line for line in log.getvalue().splitlines() if '"slack_' not in line]
        assert leaked("\n".join(ours)) == []
        assert len(ours) > 3


async def test_staff_who_look_over_the_shoulder_read_placeholders(
    trained: Config, tmp_path: Path
) -> None:
    async with SlackServer() as slack, openai_server() as gpt:
        async with staffed(trained, tmp_path, slack, gpt=fallback(gpt), shadow=True):
            slack.say(QUESTION, channel="D7")
            await until(lambda: slack.workspace.posts)

        shown = slack.workspace.posts[0].markdown
        assert leaked(shown) == []
        assert "[PERSON_1]" in shown
