"""Encoders and models that several tests share; each is made once a run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.understanding.training.train import TrainingOptions, train
from tests.made_once import made_once
from tests.understanding.tiny import make_bert, make_corpus


@pytest.fixture(scope="session")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny BERT, as transformers saves one."""
    return made_once(tmp_path_factory, "bert", make_bert)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where exported encoders and shared heads are kept; all workers of a run have one."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "cache"


@pytest.fixture(scope="session")
def options(bert: Path, cache: Path) -> TrainingOptions:
    """Quick training with the tiny BERT."""
    return TrainingOptions(encoder=str(bert), cache=cache)


@pytest.fixture(scope="session")
def trained(options: TrainingOptions, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained model folder; tests must not change it."""

    def make(folder: Path) -> None:
        train(make_corpus(), folder, options=options)

    return made_once(tmp_path_factory, "trained", make)


@pytest.fixture
def model(options: TrainingOptions, tmp_path: Path) -> Path:
    """A trained model folder that a test may damage."""
    folder = tmp_path / "model"
    train(make_corpus(), folder, options=options)
    return folder
