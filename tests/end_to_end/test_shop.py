"""The shipped shop, trained as it stands, asked what stands in no example file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app.build import open_service
from bot.app.conversation_tests.reading import default_places, load_conversations
from bot.app.conversation_tests.runner import run_conversations
from bot.config.schema import Config, load_config
from bot.messages import Author, Decision, DecisionKind, Message, Received
from bot.ports import Responding
from bot.publishing.bundle import intents_of
from bot.publishing.train import train_everything
from bot.understanding.model.registry import ModelRegistry

ROOT = Path(__file__).parents[2]
QUESTIONS = yaml.safe_load((ROOT / "tests/data/shop_questions.yaml").read_text(encoding="utf-8"))
WISHES: Mapping[str, Sequence[str]] = yaml.safe_load(
    (ROOT / "tests/data/person_wishes.yaml").read_text(encoding="utf-8")
)
SMALL_TALK = {"greeting", "thanks", "goodbye", "praise", "bot_identity"}


DIVING = """\
version: 1
intents:
  - name: next_course
    examples: [when is the next course, next course dates, when does the next course start]
    reply: On Saturday.
  - name: rent_a_suit
    examples: [can I rent a suit, do you rent out wetsuits, suit rental]
    reply: Yes.
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("shop")
    path = folder / "config.yaml"
    path.write_text(f"intents: {ROOT / 'intents'}\nmodel: model\n", encoding="utf-8")
    config = load_config(path, {})
    train_everything(config)
    return config


@pytest.fixture
async def responder(shop: Config, tmp_path: Path) -> AsyncIterator[Responding]:
    database = f"sqlite:///{tmp_path / 'desk.db'}"
    async with open_service(shop, {}, adapters=(), database_url=database) as service:
        yield service.responder


async def decide(responder: Responding, text: str) -> Decision:
    author = Author("terminal:local:ann")
    message = Message("terminal:a:c:1", "terminal:a:c", author, text, datetime.now(UTC))
    *_, last = [part async for part in responder.respond(Received(message))]
    return last.decision  # type: ignore[union-attr]  # every reply ends with Done


def is_right(decision: Decision, question: Mapping[str, Any]) -> bool:
    """A right intent was answered, by products too, or an article where one may answer."""
    if decision.kind in {DecisionKind.INTENT, DecisionKind.HANDOFF, DecisionKind.RECOMMEND}:
        right: Sequence[str] = question["right"]
        return decision.intents[0].name in right
    return decision.kind is DecisionKind.QUOTED and bool(question.get("article"))


async def test_nine_of_ten_unseen_questions_get_the_right_answer(responder: Responding) -> None:
    wrong = [
        question["say"]
        for question in QUESTIONS["in_scope"]
        if not is_right(await decide(responder, question["say"]), question)
    ]
    assert len(QUESTIONS["in_scope"]) == 60
    assert len(wrong) <= 6, wrong


async def test_no_off_topic_question_is_answered_with_an_intent(responder: Responding) -> None:
    answered = {
        text: decision.intents[0].name
        for text in QUESTIONS["off_topic"]
        if (decision := await decide(responder, text)).kind
        in {DecisionKind.INTENT, DecisionKind.HANDOFF}
        and decision.intents[0].name not in SMALL_TALK
    }
    assert len(QUESTIONS["off_topic"]) == 60
    assert not answered


async def test_a_question_in_chinese_is_answered_in_chinese(responder: Responding) -> None:
    author = Author("terminal:local:li")
    text = "我的订单 48213 到哪里了?"
    message = Message("terminal:a:c:1", "terminal:a:c", author, text, datetime.now(UTC))
    parts = [part async for part in responder.respond(Received(message))]
    said = "".join(part.markdown for part in parts if hasattr(part, "markdown"))
    assert sum("一" <= character <= "鿿" for character in said) > 20


def is_handed_over(decision: Decision) -> bool:
    """Return whether a person is brought, if only for a part of the message."""
    return any(part.kind is DecisionKind.HANDOFF for part in decision.parts)


async def test_a_wish_for_a_person_beside_another_one_is_found_and_look_alikes_are_left(
    responder: Responding,
) -> None:
    found = {
        kind: [text for text in texts if is_handed_over(await decide(responder, text))]
        for kind, texts in WISHES.items()
    }
    missed = set(WISHES["wishes"]) - set(found["wishes"])
    assert len(missed) <= 0.1 * len(WISHES["wishes"]), missed
    assert len(found["look_alikes"]) <= 0.05 * len(WISHES["look_alikes"]), found["look_alikes"]


async def test_a_desk_without_an_intent_for_it_finds_the_wish_for_a_person_too(
    shop: Config, tmp_path: Path
) -> None:
    (tmp_path / "intents").mkdir()
    (tmp_path / "intents/diving.yaml").write_text(DIVING, encoding="utf-8")
    path = tmp_path / "config.yaml"
    path.write_text("intents: intents\nmodel: model\n", encoding="utf-8")
    config = load_config(path, {})
    train_everything(config)
    database = f"sqlite:///{tmp_path / 'desk.db'}"
    async with open_service(config, {}, adapters=(), database_url=database) as service:
        asked = await decide(service.responder, "when is the next course? get me a person please")
        look_alike = await decide(service.responder, "when is the next course? I can dive alone")
    assert is_handed_over(asked)
    assert look_alike.kind is DecisionKind.INTENT


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
async def test_the_conversations_of_the_shop_go_as_expected(shop: Config, step: int) -> None:
    names = [intent.name for intent in intents_of(shop).intents]
    tests = load_conversations(default_places(ROOT / "intents"), names)
    version = ModelRegistry(shop.model).current()
    results = await run_conversations(shop, version, tests[::step], {})
    assert len(results) == len(range(0, 87, step))
    assert [failure for result in results for failure in result.failures] == []
