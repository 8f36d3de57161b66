"""Encoders and models that several tests share; each is made once a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.training.train import TrainingOptions, train
from tests.understanding.tiny import make_bert, make_corpus


@pytest.fixture(scope="session")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BERT, as transformers saves one."""
    return make_bert(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where exported encoders are kept."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def options(bert: Path, cache: Path) -> TrainingOptions:
    """Quick training with the tiny BERT."""
    return TrainingOptions(encoder=str(bert), cache=cache)


@pytest.fixture(scope="session")
def trained(options: TrainingOptions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained model folder; tests must not change it."""
    folder = tmp_path_factory.mktemp("trained")
    train(make_corpus(), folder, options=options)
    return folder


@pytest.fixture
def model(options: TrainingOptions, tmp_path: Path) -> Path:
    """A trained model folder that a test may damage."""
    folder = tmp_path / "model"
    train(make_corpus(), folder, options=options)
    return folder
