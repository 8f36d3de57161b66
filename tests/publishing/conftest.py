"""A desk that is trained once, and copies of it whose files may be edited."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.config.schema import Config, load_config
from bot.publishing.train import train_everything
from tests.end_to_end.conftest import ARTICLE, INTENTS


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk that knows two intents and one article; not to be changed."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "intents" / "knowledge").mkdir(parents=True)
    (folder / "intents" / "shop.yaml").write_text(INTENTS)
    (folder / "intents" / "knowledge" / "rental.md").write_text(ARTICLE)
    (folder / "config.yaml").write_text("model: model\nresponder: {introduction: false}\n")
    train_everything(load_config(folder / "config.yaml", {}))
    return folder


@pytest.fixture
def config(trained: Path, tmp_path: Path) -> Config:
    """The configuration of a copy."""
    folder = tmp_path / "desk"
    shutil.copytree(trained, folder)
    return load_config(folder / "config.yaml", {})
