"""A desk whose GPT runs on this machine, in a process that can die alone."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from structlog.typing import EventDict

from adapters.slack import plugin
from bot.config.schema import Config, GptConfig
from tests.answering.generation.test_local import FILE
from tests.end_to_end.conftest import local_gpt_process, serving, until
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section

pytestmark = [
    pytest.mark.skipif(not FILE.exists(), reason=f"NO LOCAL GPT at {FILE}: run `make local-gpt`"),
    pytest.mark.timeout(300),
]

QUESTION = "how much does it cost to rent a tent for two per day"
SAY = "Write this sentence, and nothing else: A tent for two costs 9 euro a day to rent."
"""So small a model seldom says what an article says unless it is told what to say."""

ANSWER = ("tent", "9 euro")
"""What an answer to the question speaks of."""

TRIES = 60
"""Of 30 answers 4 passed the guard with it: none of 60 is a chance of one in 5,000."""

QUOTED = "This is what our article"
FIXED = ("I can't promise that myself. A colleague can look into it: our team.",)


@dataclass
class Desk:
    """A desk that serves a Slack, and what it has logged."""

    slack: SlackServer
    logs: Sequence[EventDict]

    async def ask(self, question: str, channel: str = "D1") -> str:
        """Ask in a conversation of its own; return what the customer reads in the end."""
        self.slack.say(question, channel=channel)
        await until(lambda: any(channel in line["message_id"] for line in self.logged("answered")))
        return "".join(p.markdown for p in self.slack.workspace.posts if p.channel == channel)

    def logged(self, event: str) -> Sequence[EventDict]:
        """Return the lines that the log has of an event."""
        return [line for line in self.logs if line["event"] == event]


@asynccontextmanager
async def desk(trained: Config, folder: Path, **settings: object) -> AsyncIterator[Desk]:
    defaults = {"chooser": "model", "max_tokens": 40, "context": 2_048, "timeout": 60}
    gpt = GptConfig.model_validate(
        {"provider": "local", "model_path": FILE, **defaults, **settings}
    )
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        config = trained.model_copy(update={"gpt": gpt})
        with capture_logs(processors=[merge_contextvars]) as logs:
            async with serving(config, folder, adapter):
                await until(lambda: slack.sockets.sockets)
                yield Desk(slack, logs)


def own_words(said: str) -> str:
    """Return what stands before a quotation, without the bot's fixed sentences."""
    before = said.partition(QUOTED)[0]
    for sentence in FIXED:
        before = before.replace(sentence, "")
    return before.strip()


def is_answer(said: str) -> bool:
    """Tell whether words speak of all that an answer must."""
    return all(each in said for each in ANSWER)


@pytest.mark.timeout(600)
async def test_words_that_the_model_wrote_reach_the_customer(
    trained: Config, tmp_path: Path
) -> None:
    async with desk(trained, tmp_path, rules=[SAY], max_tokens=80) as here:
        for number in range(TRIES):
            said = await here.ask(f"{QUESTION}, {'please ' * number}", f"D{number:02}")
            if is_answer(own_words(said)):
                break
    assert is_answer(own_words(said)), f"{TRIES} answers without the price in words of the model"
    assert "> " not in own_words(said)
    assert here.logged("answered")[-1]["kind"] == "generated"
    assert not here.logged("gpt failed")


async def test_a_question_too_long_for_the_model_gets_the_article_and_the_next_one_is_asked(
    trained: Config, tmp_path: Path
) -> None:
    async with desk(trained, tmp_path, context=1_024) as here:
        said = await here.ask(f"{QUESTION} {'zzyzx ' * 600}", "D1")
        await here.ask(QUESTION, "D2")
    assert "9 euro a day" in said
    (failure,) = here.logged("gpt failed")
    assert "status 400" in failure["reason"]
    assert ":D1:" in failure["message_id"]


async def test_while_its_process_hangs_the_article_is_quoted_after_the_timeout(
    trained: Config, tmp_path: Path
) -> None:
    async with desk(trained, tmp_path, timeout=1) as here:
        process = local_gpt_process()
        os.kill(process, signal.SIGSTOP)
        try:
            said = await here.ask(QUESTION)
        finally:
            os.kill(process, signal.SIGCONT)
    assert "9 euro a day" in said
    (failure,) = here.logged("gpt failed")
    assert "sent nothing for 1 s" in failure["reason"]


async def test_when_its_process_dies_in_mid_answer_the_article_is_quoted(
    trained: Config, tmp_path: Path
) -> None:
    async with desk(trained, tmp_path) as here:
        process = local_gpt_process()
        os.kill(process, signal.SIGSTOP)  # so that it cannot finish before it dies
        answering = asyncio.create_task(here.ask(QUESTION))
        await asyncio.sleep(2)
        assert not here.slack.workspace.posts
        os.kill(process, signal.SIGKILL)
        said = await answering
    assert "9 euro a day" in said
    assert len(here.logged("gpt failed")) == 1


async def test_the_process_ends_with_the_desk(trained: Config, tmp_path: Path) -> None:
    async with desk(trained, tmp_path) as here:
        process = local_gpt_process()
        here.slack.say(QUESTION, channel="D1")
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
