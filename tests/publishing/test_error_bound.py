"""A promise about wrong answers holds for the model that serves, or is unknown."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bot.config.schema import Config
from bot.errors import IntentsError
from bot.publishing.bundle import load_bundle
from bot.publishing.train import bound_errors, stored_predictions, train_everything
from bot.understanding.evaluation.evaluate import LabelledText
from bot.understanding.model.error_bound import LabelledPredictions, error_bound
from bot.understanding.model.registry import ModelRegistry
from tests.publishing.bundles import small_desk, teach
from tests.understanding.tiny import EXAMPLES

MAX_WRONG = 0.2
MESSAGES = [(text, name) for name, texts in EXAMPLES.items() for text in texts]
FOREIGN = [("cook rice", "none"), ("", "none")]
MORE = {**EXAMPLES, "joke": ("tell a joke", "joke please", "tell me a joke")}


@pytest.fixture
def desk(tmp_path: Path) -> Config:
    """A desk that promises at most one wrong answer in five."""
    config = small_desk(tmp_path)
    classifier = config.classifier.model_copy(update={"max_wrong": MAX_WRONG})
    return config.model_copy(update={"classifier": classifier})


def labelled(config: Config, folder: Path) -> Config:
    """Return the desk with labelled messages: what it was taught, and two that are none of it."""
    file = folder / "labelled.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([("text", "label"), *MESSAGES, *FOREIGN])
    classifier = config.classifier.model_copy(update={"labelled": file})
    return config.model_copy(update={"classifier": classifier})


def seen_by_the_model(config: Config) -> LabelledPredictions:
    seen = stored_predictions(config.model)
    assert seen is not None
    return seen


def answers_as_promised(config: Config) -> bool:
    """Tell whether the desk answers from the threshold that its labelled messages bear out."""
    (prediction,) = load_bundle(config).classifier.predict(["hello"])
    return prediction.threshold == error_bound(seen_by_the_model(config), MAX_WRONG).threshold


def calibrate(config: Config) -> None:
    """Have the serving version judge messages, as `frontdesk eval --calibrate` does."""
    rows = [LabelledText(text, label) for text, label in MESSAGES]
    bound_errors(ModelRegistry(config.model).current(), rows, None)


def test_every_new_model_judges_the_labelled_messages_before_it_serves(
    desk: Config, tmp_path: Path
) -> None:
    config = labelled(desk, tmp_path)
    train_everything(config)
    first = seen_by_the_model(config)
    assert first.right.tolist() == [True] * len(MESSAGES) + [False, False]
    assert answers_as_promised(config)

    teach(config, MORE)
    train_everything(config)
    second = seen_by_the_model(config)
    assert len(second.right) == len(first.right)
    assert second.confidence.tolist() != first.confidence.tolist()
    assert answers_as_promised(config)


def test_without_labelled_messages_a_new_model_promises_nothing_and_is_careful(
    desk: Config,
) -> None:
    train_everything(desk)
    calibrate(desk)
    assert answers_as_promised(desk)

    teach(desk, MORE)
    train_everything(desk)
    classifier = load_bundle(desk).classifier
    assert len(seen_by_the_model(desk).right) == 0
    (prediction,) = classifier.predict(["hello"])
    assert prediction.threshold == classifier.manifest.calibration.careful_threshold


def test_another_reply_leaves_the_promise_as_it_is(desk: Config) -> None:
    train_everything(desk)
    calibrate(desk)
    teach(desk, EXAMPLES, reply="More about")
    train_everything(desk, reuse=ModelRegistry(desk.model).current())

    assert len(ModelRegistry(desk.model).versions()) == 2
    assert len(seen_by_the_model(desk).right) == len(MESSAGES)
    assert answers_as_promised(desk)


def test_an_earlier_model_keeps_its_own_promise(desk: Config) -> None:
    train_everything(desk)
    calibrate(desk)
    teach(desk, MORE)
    train_everything(desk)
    ModelRegistry(desk.model).rollback()
    assert answers_as_promised(desk)


def test_labelled_messages_that_cannot_be_read_keep_the_old_model(
    desk: Config, tmp_path: Path
) -> None:
    config = labelled(desk, tmp_path)
    train_everything(config)
    before = ModelRegistry(config.model).current()
    teach(config, MORE)
    (tmp_path / "labelled.csv").unlink()
    with pytest.raises(IntentsError, match=r"labelled\.csv: cannot be read"):
        train_everything(config)
    assert ModelRegistry(config.model).current() == before
