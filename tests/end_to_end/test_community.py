"""The example desk of a Discord community, trained as it stands, put to its own tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.app.conversation_tests.reading import default_places, load_conversations
from bot.app.conversation_tests.runner import run_conversations
from bot.config.schema import Config, load_config
from bot.publishing.bundle import intents_of
from bot.publishing.intent_tests import run_intent_tests
from bot.publishing.train import train_everything
from bot.understanding.intents import load_intents
from bot.understanding.model.registry import ModelRegistry

EXAMPLE = Path(__file__).parents[2] / "examples" / "community"

pytestmark = pytest.mark.timeout(400)  # trains 1,500 examples, on however busy a machine


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("example") / "community"
    shutil.copytree(EXAMPLE, folder)
    config = load_config(folder / "config.yaml", {})
    train_everything(config)
    return config


def test_every_test_of_the_community_desk_passes(desk: Config) -> None:
    tests = load_intents(desk.intents, default_language=desk.language.default).tests
    version = ModelRegistry(desk.model).current()
    failures = run_intent_tests(version, tests, policy=desk.classifier.policy)
    assert len(tests) >= 78
    assert [str(failure) for failure in failures] == []


async def test_the_conversations_of_the_community_desk_go_as_expected(desk: Config) -> None:
    names = [intent.name for intent in intents_of(desk).intents]
    conversations = load_conversations(default_places(desk.intents), names)
    version = ModelRegistry(desk.model).current()
    results = await run_conversations(desk, version, conversations, {})
    assert len(results) == 8
    assert [failure for result in results for failure in result.failures] == []


def test_the_contact_of_the_community_desk_is_whole(desk: Config) -> None:
    assert desk.responder.contact == "the team in #help-desk"
