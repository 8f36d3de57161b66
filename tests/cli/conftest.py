from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Frontdesk
from tests.made_once import made_once

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """Let commands be interrupted even where the tests run in the background, deaf to Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A user's environment with no tokens; the cache of exported encoders is shared."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "TERM": "xterm-256color",
        "PROMPT_TOOLKIT_NO_CPR": "1",
        "XDG_STATE_HOME": str(tmp_path_factory.mktemp("state")),
    }


@pytest.fixture
def frontdesk(tmp_path: Path, environment: dict[str, str]) -> Frontdesk:
    """The command in an empty folder."""
    return Frontdesk(tmp_path, environment)


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """What `init` makes, trained once."""

    def make(folder: Path) -> None:
        frontdesk = Frontdesk(folder, environment)
        assert frontdesk("init", ".").code == 0
        trained = frontdesk("train")
        assert trained.code == 0, trained.err

    return made_once(tmp_path_factory, "starter", make)


@pytest.fixture
def trained(starter: Path, environment: dict[str, str]) -> Frontdesk:
    """The command where a model is; for tests that change nothing there."""
    return Frontdesk(starter, environment)


@pytest.fixture
def copied(starter: Path, frontdesk: Frontdesk) -> Frontdesk:
    """The command in a copy that may be changed."""
    shutil.copytree(starter, frontdesk.folder, dirs_exist_ok=True)
    return frontdesk
