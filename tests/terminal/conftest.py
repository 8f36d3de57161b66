from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.pty_session import PtySession


@pytest.fixture
def desk(tmp_path: Path) -> list[str]:
    """The command that runs a desk with scripted answers."""
    return [sys.executable, "-m", "tests.terminal.desk", str(tmp_path)]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A person's environment, without anything that would change colours or places."""
    kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    return kept | {
        "HOME": str(tmp_path),
        "USER": "ann",
        "TERM": "xterm-256color",
        "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody answers where the cursor is
    }


@pytest.fixture
def session(desk: list[str], environment: dict[str, str]) -> Iterator[PtySession]:
    """A desk in a terminal, ready for the first line."""
    with PtySession(desk, environment) as session:
        session.expect("you ›")
        yield session
