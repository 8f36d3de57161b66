"""What several workers of one test run need and one of them makes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return this worker's own copy of a folder that is made once a run.

    Args:
        factory: Of the session's folders.
        name: Of the folder; tests that give the same name share it.
        make: Fills the folder, which exists.
    """
    own = factory.mktemp(name)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        make(own)
        return own
    shared = factory.getbasetemp().parent / f"{name}-made-once"
    with FileLock(f"{shared}.lock"):
        if not shared.exists():
            make(own)
            shutil.copytree(own, shared, symlinks=True)
        else:
            shutil.copytree(shared, own, symlinks=True, dirs_exist_ok=True)
    return own
