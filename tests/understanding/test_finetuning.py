from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.understanding.classifier import load_classifier
from bot.understanding.encoder import load_encoder_files
from bot.understanding.encoder_cache import exported_encoder
from bot.understanding.finetuning import Recipe, finetune
from bot.understanding.learning import assign_folds
from bot.understanding.lessons import lessons
from bot.understanding.progress import NoProgress
from bot.understanding.training import TrainingOptions, train
from tests.understanding.tiny import EXAMPLES, make_corpus

RECIPE = Recipe(epochs=1, steps=60, batch=8, rate=2e-3)


def contrast(folder: Path) -> float:
    """Return how much nearer examples are to those of their intent than to others."""
    encoder = load_encoder_files(folder)
    vectors = encoder.embed([text for texts in EXAMPLES.values() for text in texts])
    labels = np.repeat(np.arange(len(EXAMPLES)), [len(texts) for texts in EXAMPLES.values()])
    cosines, same = vectors @ vectors.T, labels[:, None] == labels[None, :]
    return float(cosines[same].mean() - cosines[~same].mean())


def tune(bert: Path, folder: Path, seed: int = 0) -> np.ndarray:
    rows = lessons(make_corpus())
    folder.mkdir()
    return finetune(
        rows,
        assign_folds(rows, seed),
        folder,
        str(bert),
        seed=seed,
        progress=NoProgress(),
        recipe=RECIPE,
    )


def test_tuning_draws_an_intents_examples_together(bert: Path, cache: Path, tmp_path: Path) -> None:
    folds = tune(bert, tmp_path / "tuned")

    assert contrast(tmp_path / "tuned") > contrast(exported_encoder(str(bert), cache)) + 0.3
    assert 0 < (folds == 0).sum() < len(folds) / 2


def test_the_same_seed_tunes_the_same_encoder(bert: Path, tmp_path: Path) -> None:
    tune(bert, tmp_path / "one")
    tune(bert, tmp_path / "two")

    one, two = (load_encoder_files(tmp_path / name).description for name in ("one", "two"))
    assert one.key == two.key
    assert one.weights_sha256 == two.weights_sha256


@pytest.fixture
def full(options: TrainingOptions) -> TrainingOptions:
    return replace(options, full=True)


def test_full_training_publishes_a_model_that_serves(full: TrainingOptions, tmp_path: Path) -> None:
    manifest = train(make_corpus(out_of_scope=("tell a joke",)), tmp_path, options=full)

    assert manifest.settings["full"] is True
    for name, texts in EXAMPLES.items():
        for prediction in load_classifier(tmp_path).predict(texts):
            assert prediction.intents[0].name == name
