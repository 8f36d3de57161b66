"""A desk that is trained once, and copies of it whose files may be edited."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.config.schema import Config, load_config
from tests.end_to_end.conftest import make_desk
from tests.made_once import made_once


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk that knows two intents and one article; not to be changed."""
    return made_once(tmp_path_factory, "desk", make_desk)


@pytest.fixture
def config(trained: Path, tmp_path: Path) -> Config:
    """The configuration of a copy."""
    folder = tmp_path / "desk"
    shutil.copytree(trained, folder)
    return load_config(folder / "config.yaml", {})
