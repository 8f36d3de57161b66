"""When a full model may take the place of a quick one."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app.build import open_service
from bot.config.schema import Config
from bot.publishing.bundle import load_bundle
from bot.publishing.full_training import FullTrainingResult, is_full, judge, train_fully
from bot.publishing.subprocess import train_fully_in_background
from bot.publishing.train import train_everything
from bot.understanding.model.classifier import load_version
from bot.understanding.model.comparison import Comparison
from bot.understanding.model.registry import Manifest, ModelRegistry, read_manifest
from tests.publishing.bundles import small_desk

BETTER, WORSE, CHANCE = Comparison(500, 5, 40), Comparison(500, 40, 5), Comparison(500, 20, 25)


@pytest.fixture
def quick(config: Config) -> Manifest:
    return read_manifest(ModelRegistry(config.model).current())


@pytest.mark.parametrize(
    ("comparison", "verdict"),
    [
        (BETTER, FullTrainingResult.BETTER),
        (WORSE, FullTrainingResult.NOT_BETTER),
        (CHANCE, FullTrainingResult.NOT_BETTER),
        (None, FullTrainingResult.NOT_COMPARED),
    ],
)
def test_a_full_model_serves_when_it_is_better_beyond_chance(
    quick: Manifest, comparison: Comparison | None, verdict: FullTrainingResult
) -> None:
    assert judge(replace(quick, comparison=comparison), quick) is verdict
    assert verdict.serves == (verdict is FullTrainingResult.BETTER)


def test_a_full_model_of_earlier_intents_never_replaces_a_newer_quick_one(quick: Manifest) -> None:
    full = replace(quick, comparison=BETTER, intents_hash="earlier")
    assert judge(full, quick) is FullTrainingResult.OVERTAKEN


def test_the_first_model_serves_whatever_it_is(quick: Manifest) -> None:
    assert judge(quick, None) is FullTrainingResult.FIRST


def test_a_comparison_is_kept_in_the_manifest(quick: Manifest, config: Config) -> None:
    folder = ModelRegistry(config.model)
    with folder.staging() as staged:
        kept = folder.add(staged, replace(quick, version="compared", files={}, comparison=BETTER))
    assert read_manifest(kept).comparison == BETTER


@pytest.mark.slow
def test_the_first_full_model_serves(tmp_path: Path) -> None:
    config = small_desk(tmp_path)
    report, verdict = train_fully(config)

    assert verdict is FullTrainingResult.FIRST
    assert load_bundle(config).model().version == report.version


@pytest.mark.slow
async def test_a_desk_that_rests_trains_fully_if_config_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.publishing.reload.RESTED", 0.0)  # instead of a minute by the clock
    config = _served_desk(tmp_path, full="auto")
    quick = train_everything(config).version

    async with open_service(config, {}, adapters=[], publish="tested"), asyncio.timeout(200):
        while not is_full(config):  # noqa: ASYNC110 - a file tells it
            await asyncio.sleep(0.1)

    folder = ModelRegistry(config.model)
    (full,) = [
        manifest for manifest in map(read_manifest, folder.versions()) if manifest.settings["full"]
    ]
    assert full.trained_by == "serve"
    # Eighteen sentences, nearly all of them understood by either, prove nothing.
    assert full.comparison is not None
    assert not full.comparison.better()
    assert load_bundle(config).model().version == quick

    folder.promote(full.version)
    assert load_bundle(config).model().version == full.version


async def test_a_desk_that_rests_trains_nothing_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.publishing.reload.RESTED", 0.0)  # instead of a minute by the clock
    config = _served_desk(tmp_path, full="off")
    train_everything(config)

    async with open_service(config, {}, adapters=[], publish="tested") as service:
        assert service.responder is not None

    assert not is_full(config)


def _served_desk(folder: Path, *, full: str) -> Config:
    config = small_desk(folder)
    settings = config.classifier.model_copy(update={"full": full})
    changed = {"classifier": settings, "database": f"sqlite:///{folder}/desk.db"}
    return config.model_copy(update=changed)


THINGS = ("order", "parcel", "package", "refund")


def mixed_up(seed: int, each: int) -> Mapping[str, tuple[str, ...]]:
    """Return messages that name all things in turn, and mean the one that they begin with.

    Their words are the same, so n-grams tell nothing, and order numbers lead astray: the quick head
    can only guess. An encoder that is tuned learns to look at where things stand.
    """
    source = random.Random(seed)  # noqa: S311 - no secret

    def message(thing: str) -> str:
        first = THINGS.index(thing)
        words = [*THINGS[first:], *THINGS[:first]]
        for _ in range(2):
            number = "".join(source.choices("bcdfghjklmnpqrstvwxz", k=7))
            words.insert(source.randrange(1, len(words) + 1), number)
        return " ".join(words)

    return {thing: tuple(message(thing) for _ in range(each)) for thing in THINGS}


@pytest.mark.slow
@pytest.mark.timeout(400)  # tunes three branches and exports two encoders
async def test_a_full_model_that_is_better_takes_the_place_of_the_quick_one(
    tmp_path: Path,
) -> None:
    config = small_desk(tmp_path, mixed_up(seed=0, each=150), hidden=128)
    train_everything(config)
    folder = ModelRegistry(config.model)
    quick = folder.current()

    await train_fully_in_background(config, "serve")

    full = read_manifest(folder.current())
    assert (full.settings["full"], full.trained_by) == (True, "serve")
    assert full.comparison is not None
    assert full.comparison.better()
    assert right(folder.current()) > 0.8
    assert right(quick) < 0.6
    assert is_full(config)
    assert folder.rollback() == quick


def right(version: Path) -> float:
    """Return the share of messages that a version understands and has not learned from."""
    asked = mixed_up(seed=1, each=25)
    texts = [text for thing in THINGS for text in asked[thing]]
    found = [one.intents[0].name for one in load_version(version).predict(texts)]
    expected = [thing for thing in THINGS for _ in asked[thing]]
    return sum(one == other for one, other in zip(found, expected, strict=True)) / len(texts)
