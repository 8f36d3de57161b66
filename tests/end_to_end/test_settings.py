"""Settings that nothing else tests whole: each changes a reply, a decision or a request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.slack.plugin import plugin
from bot.app.build import open_service
from bot.app.service import Service
from bot.config.schema import Config, load_config
from bot.errors import ModelError
from bot.messages import Author, Decision, DecisionKind, Done, Message, Received, Say
from bot.publishing.train import needs_training
from tests.end_to_end.conftest import serving, until
from tests.servers.openai import OpenAIServer, openai_server
from tests.servers.slack import SlackServer
from tests.slack.conftest import environment, section

TRUE = "A tent for two costs 9 euro a day to rent."
ASKED = "do you rent out tents, and what is the price for two people?"
NOTHING = "tell me a joke"


def changed(trained: Config, folder: Path, lines: str, gpt: OpenAIServer | None = None) -> Config:
    """Read the settings of a test from a file, beside those of the trained desk."""
    path = folder / "config.yaml"
    own = f"intents: {trained.intents}\nmodel: {trained.model}\ndatabase: sqlite:///desk.db\n"
    if gpt is not None:
        lines = lines.replace("gpt: {", f"gpt: {{base_url: '{gpt.url}', ")
        lines += f"\ngpt: {{base_url: '{gpt.url}'}}" if "gpt:" not in lines else ""
    if "responder:" not in lines:
        lines += "\nresponder: {introduction: false}"
    path.write_text(own + lines + "\n")
    return load_config(path, {})


@asynccontextmanager
async def opened(config: Config, env: Mapping[str, str] | None = None) -> AsyncIterator[Service]:
    async with open_service(config, env or {}, adapters=[]) as service:
        yield service


async def ask(
    service: Service, text: str, *, ago: timedelta = timedelta(0), number: int = 1
) -> tuple[str, Decision]:
    """Ask in a conversation of its own; return what is said and what was decided."""
    here, at = f"test:a:c{number}", datetime.now(UTC) - ago
    message = Message(f"{here}:1", here, Author("test:u"), text, at)
    parts = [part async for part in service.responder.respond(Received(message))]
    (done,) = (part for part in parts if isinstance(part, Done))
    return "".join(part.markdown for part in parts if isinstance(part, Say)), done.decision


async def reply(config: Config, text: str, ago: timedelta = timedelta(0)) -> tuple[str, Decision]:
    async with opened(config) as service:
        return await ask(service, text, ago=ago)


async def sent(config: Config, gpt: OpenAIServer, env: Mapping[str, str] | None = None) -> str:
    """Ask GPT; return all that its server was sent."""
    async with opened(config, env) as service:
        await ask(service, ASKED)
    return repr([(request.body, request.headers) for request in gpt.requests])


async def test_the_folder_of_the_model_is_the_one_that_answers(
    trained: Config, tmp_path: Path
) -> None:
    config = changed(trained, tmp_path, "").model_copy(update={"model": tmp_path / "none"})
    with pytest.raises(ModelError, match="none"):
        await reply(config, "where is my order")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("language: {default: de}", "Ich verstehe nur Text"),
        ("language: {default: en}", "I can only read text"),
    ],
)
async def test_without_words_the_default_language_is_spoken(
    trained: Config, tmp_path: Path, lines: str, words: str
) -> None:
    said, _ = await reply(changed(trained, tmp_path, lines), "🤷")
    assert words in said


@pytest.mark.parametrize("corrected", [True, False])
async def test_misspelled_words_are_corrected_to_score_them(
    trained: Config, tmp_path: Path, corrected: bool
) -> None:
    config = changed(trained, tmp_path, f"understanding: {{spelling: {str(corrected).lower()}}}")

    _, decision = await reply(config, "wehn wil my ordr arive")

    read = "also read with its spelling corrected: when, will, order, arrive"
    assert (read in decision.reasons) is corrected
    assert (decision.kind is DecisionKind.INTENT) is corrected


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("responder: {introduction: false, unknown: Call {contact}., contact: 555}", "Call 555."),
        ("responder: {introduction: false, contact: the front desk}", "help: the front desk."),
        ("responder: {introduction: 'I am {bot}.', bot: Ann}", "I am Ann."),
    ],
)
async def test_who_the_bot_is_stands_in_its_words(
    trained: Config, tmp_path: Path, lines: str, words: str
) -> None:
    lines = lines.replace("unknown: Call {contact}.", "unknown: 'Call {contact}.'")
    said, _ = await reply(changed(trained, tmp_path, lines), NOTHING)
    assert words in said


async def test_the_threshold_decides(trained: Config, tmp_path: Path) -> None:
    for threshold, kind in ((0.01, DecisionKind.INTENT), (1.0, DecisionKind.CLARIFY)):
        lines = f"classifier: {{threshold: {threshold}}}\nunderstanding: {{articles_first: false}}"
        _, decision = await reply(changed(trained, tmp_path, lines), "any news on where my box is")
        assert decision.threshold == pytest.approx(threshold)
        assert (decision.kind is DecisionKind.INTENT) == (kind is DecisionKind.INTENT)


async def test_answers_to_the_bots_own_questions_can_be_left_alone(
    trained: Config, tmp_path: Path
) -> None:
    for switch, kind in (("true", True), ("false", False)):
        lines = f"understanding: {{own_questions: {switch}}}"
        _, decision = await reply(changed(trained, tmp_path, lines), "hlep")
        assert (decision.kind is DecisionKind.HELP) == kind


def test_another_seed_is_another_model(trained: Config, tmp_path: Path) -> None:
    assert not needs_training(changed(trained, tmp_path, "classifier: {seed: 0}"))
    assert needs_training(changed(trained, tmp_path, "classifier: {seed: 1}"))


@pytest.mark.parametrize(("minutes", "kind"), [(60, DecisionKind.STALE), (0, DecisionKind.INTENT)])
async def test_how_old_a_message_may_be(
    trained: Config, tmp_path: Path, minutes: int, kind: DecisionKind
) -> None:
    config = changed(trained, tmp_path, f"serve: {{stale_after: {minutes}}}")
    _, decision = await reply(config, "where is my order", timedelta(hours=3))
    assert decision.kind is kind


async def test_a_greeting_waits_for_its_question(trained: Config, tmp_path: Path) -> None:
    config = changed(trained, tmp_path, "serve: {greeting_wait: 30, port: 0}")
    async with SlackServer() as slack:
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(config, tmp_path, adapter, public=True):
            slack.say("hello there")
            await slack.sockets.settled()
            slack.say("where is my order?")
            await until(lambda: slack.workspace.posts)
        (post,) = slack.workspace.posts
    assert "My orders" in post.markdown


GPT_SETTINGS = {
    "model: shop-gpt": "'model': 'shop-gpt'",
    "max_tokens: 77": "'max_tokens': 77",
    "persona: You know every trail.": "You know every trail.",
    "tone: brisk": "brisk",
    "rules: [Never joke.]": "Never joke.",
    "api_key_env: SHOP_KEY": "Bearer sk-test",
    "judge: judge-1": "'model': 'judge-1'",
    "answers: rephrase": "Answer the QUESTION with what the ARTICLES say",
}


async def test_what_gpt_is_sent(trained: Config, tmp_path: Path) -> None:
    lines = f"gpt: {{{', '.join(GPT_SETTINGS)}}}\nbudget: {{reuse: false}}"
    async with openai_server(answer=TRUE) as gpt:
        usual = await sent(changed(trained, tmp_path, "", gpt), gpt, {"SHOP_KEY": "sk-test"})
        gpt.requests.clear()
        own = await sent(changed(trained, tmp_path, lines, gpt), gpt, {"SHOP_KEY": "sk-test"})
    assert [expected for expected in GPT_SETTINGS.values() if expected in usual] == []
    assert [expected for expected in GPT_SETTINGS.values() if expected not in own] == []


async def test_the_ranking_answers_without_asking_gpt(trained: Config, tmp_path: Path) -> None:
    async with openai_server(answer=TRUE) as gpt, SlackServer() as slack:
        config = changed(trained, tmp_path, "gpt: {chooser: ranking}", gpt)
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(config, tmp_path, adapter):
            await until(lambda: slack.sockets.sockets)
            slack.say(ASKED, channel="D1")
            await until(lambda: len(slack.workspace.posts) == 1)
    assert "tent for two costs 9 euro" in slack.workspace.posts[0].markdown
    assert not gpt.requests


@pytest.mark.parametrize(("tokens", "remembered"), [(1_000, True), (0, False)])
async def test_how_much_gpt_remembers(
    trained: Config, tmp_path: Path, tokens: int, remembered: bool
) -> None:
    async with openai_server(answer=TRUE) as gpt, SlackServer() as slack:
        config = changed(trained, tmp_path, f"gpt: {{memory_tokens: {tokens}}}", gpt)
        adapter = plugin.build(section(slack), environment(slack))
        async with serving(config, tmp_path, adapter):
            await until(lambda: slack.sockets.sockets)
            slack.say(ASKED, channel="D1")
            await until(lambda: len(slack.workspace.posts) == 1)
            slack.say("what is the price of a tent for four?", channel="D1")
            await until(lambda: len(slack.workspace.posts) == 2)
    assert (ASKED in repr(gpt.requests[-1].body)) == remembered
    assert len(gpt.requests) == 2


@pytest.mark.parametrize(
    ("budget", "asked"),
    [
        ("user_day: 0.000001", 0),
        ("conversation_day: 0.000001", 0),
        ("channel_day: 0.000001", 0),
        ("day: 0.000001, prompt_price: 0", 0),
        ("day: 0.000001, completion_price: 0", 0),
        ("day: 0.000001, prompt_price: 0, completion_price: 0", 1),
    ],
)
async def test_beyond_its_budget_gpt_is_not_asked(
    trained: Config, tmp_path: Path, budget: str, asked: int
) -> None:
    async with openai_server(answer=TRUE) as gpt:
        await sent(changed(trained, tmp_path, f"budget: {{{budget}}}", gpt), gpt)
        assert len(gpt.requests) == asked


@pytest.mark.parametrize(("reuse", "asked"), [("true", 1), ("false", 2)])
async def test_an_equal_question_is_answered_again_for_nothing(
    trained: Config, tmp_path: Path, reuse: str, asked: int
) -> None:
    async with openai_server(answer="[1] [2] [3]") as gpt:
        config = changed(trained, tmp_path, f"budget: {{reuse: {reuse}}}", gpt)
        async with opened(config) as service:
            said = {(await ask(service, ASKED, number=number))[0] for number in range(2)}
            assert len(said) == 1
        assert len(gpt.requests) == asked


async def test_where_nothing_tells_of_changes_they_are_looked_for(
    trained: Config, tmp_path: Path
) -> None:
    config = changed(trained, tmp_path, "serve: {poll: 7.5}")
    config = config.model_copy(update={"intents": tmp_path / "nowhere"})
    with capture_logs() as logs:
        async with open_service(config, {}, adapters=[], publish="auto"):
            async with asyncio.timeout(20):
                while not [line for line in logs if line.get("every") == 7.5]:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)


async def test_understanding_can_be_switched_off(trained: Config, tmp_path: Path) -> None:
    stages = {"follow_ups": "resolve_follow_up", "articles_first": "prefer_article"}
    async with opened(changed(trained, tmp_path, "")) as service:
        _, decision = await ask(service, ASKED)
        assert set(stages.values()) <= set(decision.milliseconds)
    for key, stage in stages.items():
        lines = f"understanding: {{{key}: false}}"
        async with opened(changed(trained, tmp_path, lines)) as service:
            _, decision = await ask(service, ASKED, number=2)
            assert stage not in decision.milliseconds
