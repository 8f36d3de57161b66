"""What a customer reads when the model server answers nonsense, half, nothing, or refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from structlog.typing import EventDict

from adapters.slack import plugin
from bot.app.build import open_service
from bot.config.schema import Config, GptConfig, ServeConfig, StaffConfig
from bot.config.staff import MembersConfig
from tests.end_to_end.conftest import serving, until
from tests.servers.openai import OpenAIServer, openai_server
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section

IN_ARTICLE = "how much does it cost to rent a tent for two per day"
IN_NONE = "do you have a car park?"
"""GPT is asked, since the article holds words of it; too few to be quoted."""

UNSUPPORTED = "You can keep it for 99 years"
TRUE = "1: [1] and then"
INTERRUPTED = "Sorry, I lost the thread there."
GIVEAWAYS = ("Traceback", "Error", "error", "exception", "429", "500", "JSON", "status", "timeout")


@asynccontextmanager
async def desk(
    trained: Config, folder: Path, gpt: OpenAIServer, *, patience: float = 30.0
) -> AsyncIterator[SlackServer]:
    """Serve a Slack with GPT; yield it once the bot is connected.

    Args:
        patience: Seconds that GPT may be silent.
    """
    config = trained.model_copy(update={"gpt": GptConfig(base_url=gpt.url, timeout=patience)})
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(config, folder, adapter):
            await until(lambda: slack.sockets.sockets)
            yield slack


async def answers(slack: SlackServer, *questions: str) -> Sequence[str]:
    """Ask each question in a conversation of its own; return the answers in that order."""
    for number, question in enumerate(questions):
        slack.say(question, channel=f"D{number}")
    await until(lambda: len(slack.workspace.posts) == len(questions))
    said = {post.channel: post.markdown for post in slack.workspace.posts}
    return [said[f"D{number}"] for number in range(len(questions))]


def failures(logs: Sequence[EventDict]) -> Sequence[EventDict]:
    return [line for line in logs if line["event"] == "gpt failed"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("html", "sent an invalid response: a stream was expected, text/html"),
        ("nonsense_json", "failed: JSONDecodeError"),
        ("other_json", "sent an invalid response: a chunk has the wrong shape"),
        ("not_utf8", "failed: UnicodeDecodeError"),
        ("half", "sent an invalid response: the stream ended before the completion did"),
        ("cut_midway", "cannot be reached"),
        ("error_midway", "failed: APIError"),
        ("empty", "sent an invalid response: it is empty"),
        ("too_many_requests", "status 429"),
        ("broken", "status 500"),
        ("unauthorized", "status 401: Incorrect API key provided: check the key in OPENAI_API_KEY"),
        ("forbidden", 'let the key in OPENAI_API_KEY use "gpt-5-mini", or name another'),
        ("not_found", 'name a model that the server knows in gpt.model, now "gpt-5-mini"'),
        ("refuses_everything", "status 400"),
        ("hang_before", "sent nothing for 1 s"),
        ("hang_midway", "sent nothing for 1 s"),
        ("only_pings", "sent nothing for 1 s"),
    ],
)
async def test_customer_gets_the_article_or_an_honest_word_and_the_operator_a_line(
    trained: Config, tmp_path: Path, script: str, reason: str
) -> None:
    patience = 1.0 if "sent nothing" in reason else 30.0
    with capture_logs(processors=[merge_contextvars]) as logs:
        async with (
            openai_server(script, answer=UNSUPPORTED) as gpt,
            desk(trained, tmp_path, gpt, patience=patience) as slack,
        ):
            in_article, in_none = await answers(slack, IN_ARTICLE, IN_NONE)
    assert len(gpt.requests) >= 2
    assert "9 euro a day" in in_article
    assert "I'd rather not guess" in in_none
    assert not [word for word in (*GIVEAWAYS, UNSUPPORTED) if word in in_article + in_none]
    lines = failures(logs)
    assert all(reason in line["reason"] for line in lines)
    assert {line["message_id"].split(":")[2] for line in lines} == {"D0", "D1"}
    assert len(lines) == 2
    assert "car park" not in str(logs)


@pytest.mark.parametrize("script", ["cut_midway", "error_midway", "half", "hang_midway"])
async def test_what_was_said_before_a_failure_stays_and_the_article_follows(
    trained: Config, tmp_path: Path, script: str
) -> None:
    async with (
        openai_server(script, answer=TRUE) as gpt,
        desk(trained, tmp_path, gpt, patience=5.0) as slack,
    ):
        await answers(slack, IN_ARTICLE)  # its beginning, shown while GPT hangs
        await until(lambda: "> " in slack.workspace.posts[0].markdown)
        (post,) = slack.workspace.posts
    told, _, quoted = post.markdown.partition(INTERRUPTED)
    assert told.strip() == "A tent for two costs 9 euro a day to rent, a tent for four 14 euro."
    assert "> A tent for two costs 9 euro a day to rent, a tent for four 14 euro." in quoted


@pytest.mark.parametrize("answer", ["@everyone", "<!channel> <@U0STAFF> @here", "<@&7> @everyone!"])
async def test_an_answer_that_only_pings_pings_nobody(
    trained: Config, tmp_path: Path, answer: str
) -> None:
    async with openai_server(answer=answer) as gpt, desk(trained, tmp_path, gpt) as slack:
        said = await answers(slack, IN_ARTICLE, IN_NONE)
    assert "9 euro a day" in said[0]
    assert "I'd rather not guess" in said[1]
    assert not [post.pings for post in slack.workspace.posts if post.pings]
    assert not [word for word in answer.split() if word in "".join(said)]


async def test_staff_read_once_what_to_mend_when_the_key_is_refused(
    trained: Config, tmp_path: Path
) -> None:
    async with openai_server("unauthorized") as gpt, SlackServer() as slack:
        config = trained.model_copy(
            update={
                "database": f"sqlite:///{tmp_path}/desk.db",
                "staff": StaffConfig(members={"slack": MembersConfig(channel="G1")}),
                "gpt": GptConfig(base_url=gpt.url),
                "serve": ServeConfig(port=0),
            }
        )
        adapter = plugin.build(section(slack), environment(slack))
        async with open_service(config, {}, adapters=[adapter], public=True) as service:
            running = asyncio.create_task(service.run())
            await until(lambda: slack.sockets.sockets)
            for number in range(6):
                slack.say(f"{IN_ARTICLE}, {number}", channel=f"D{number}")
            await until(lambda: len(slack.workspace.posts) == 7)
            service.stop()
            await running
    (alert,) = [post.markdown for post in slack.workspace.posts if post.channel == "G1"]
    assert "check the key in OPENAI_API_KEY" in alert
