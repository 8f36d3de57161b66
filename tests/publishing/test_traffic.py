"""Approved messages are published as intents are: when their file changes, a model learns them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.config.schema import Config
from bot.publishing.bundle import ActiveBundle, load_bundle
from bot.publishing.model_refs import open_model
from bot.publishing.publish import is_handled, publish
from bot.publishing.reload import BundleReloader, IntentWatcher, ReloadReports
from bot.publishing.status import PublishStatus
from bot.publishing.train import needs_training, train_everything
from bot.understanding.model.registry import ModelRegistry, read_manifest
from bot.understanding.traffic.learned_file import (
    Learned,
    LearnedMessages,
    learned_path,
    write_learned,
)
from bot.understanding.training.progress import NoProgress
from tests.publishing.bundles import small_desk


@pytest.fixture
def desk(tmp_path: Path) -> Config:
    """A desk that learns from its traffic, trained before there was any."""
    config = small_desk(tmp_path)
    learning = config.classifier.model_copy(update={"learn_from_traffic": True})
    config = config.model_copy(update={"classifier": learning})
    train_everything(config)
    return config


def approve(config: Config, *texts: str) -> None:
    rows = tuple(Learned("refund", text, date(2026, 1, 5), "0" * 16) for text in texts)
    write_learned(learned_path(config.model), LearnedMessages("a-ledger", rows))


def learned(config: Config) -> int:
    """Return how many messages the serving version has learned."""
    count: int = read_manifest(ModelRegistry(config.model).current()).settings["learned"]
    return count


def test_a_change_of_the_file_needs_training(desk: Config) -> None:
    assert not needs_training(desk)
    approve(desk, "gimme my money")
    assert needs_training(desk)
    assert train_everything(desk).learned == 1
    assert not needs_training(desk)
    learned_path(desk.model).unlink()
    assert needs_training(desk)


def test_where_it_is_off_the_file_is_not_read(desk: Config) -> None:
    approve(desk, "gimme my money")
    off = desk.classifier.model_copy(update={"learn_from_traffic": False})
    config = desk.model_copy(update={"classifier": off})
    assert not needs_training(config)
    assert train_everything(config).learned == 0


def test_a_changed_file_is_published_and_a_damaged_one_is_not(desk: Config) -> None:
    approve(desk, "gimme my money")
    assert not is_handled(desk)
    publish(desk, "tested", "test")
    assert is_handled(desk)
    assert learned(desk) == 1

    learned_path(desk.model).write_text("oops")
    publish(desk, "tested", "test")
    attempt = PublishStatus.read(desk.model)
    assert attempt is not None
    assert "learned.yaml" in attempt.problem
    assert learned(desk) == 1


def test_models_are_compared_with_what_each_would_learn(desk: Config, tmp_path: Path) -> None:
    approve(desk, "gimme my money")
    train_everything(desk)
    again = open_model(str(desk.intents), desk, tmp_path / "workspace", NoProgress())
    serving = read_manifest(ModelRegistry(desk.model).current())
    assert again.manifest.intents_hash == serving.intents_hash


async def test_a_running_bot_learns_when_the_file_changes(desk: Config) -> None:
    current = ActiveBundle(load_bundle(desk))
    notices = ReloadReports(current, None)
    reloading = BundleReloader(desk, current, notices)
    running = asyncio.create_task(IntentWatcher(desk, "tested", reloading, notices).run())

    approve(desk, "gimme my money", "dosh back please")
    await _until(lambda: current.desk.classifier.manifest.settings["learned"] == 2)

    running.cancel()
    await asyncio.wait([running])


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(100):
        while not condition():  # noqa: ASYNC110 - another process makes it true
            await asyncio.sleep(0.1)
