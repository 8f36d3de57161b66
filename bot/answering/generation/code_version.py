"""Version of the code that makes answers: part of the key of a cached answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ANSWERING = ("answering", "stages", "privacy")
"""Packages of `bot` that decide what an answer holds and what is withheld from it."""

_COMPILED = {".pyc", ".pyo"}


@cache
def code_hash() -> str:
    """Return the version of the code that answers: it changes with every change of the code.

    An answer that an earlier version let through may be one that a later version drops, so cached
    answers are used only by the version that made them. A number in the source would be forgotten
    when the code changes.
    """
    bot = Path(__file__).parents[2]
    return digest_of(bot / package for package in ANSWERING)


def digest_of(packages: Iterable[Path]) -> str:
    """Return a digest of the names and contents of all files of some packages.

    Word lists and patterns count as well as Python files; compiled files do not.
    """
    digest = hashlib.sha256()
    for package in packages:
        for file in sorted(package.rglob("*")):
            if file.is_file() and file.suffix not in _COMPILED:
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                name = f"{package.name}/{file.relative_to(package).as_posix()}"
                digest.update(f"{name} {content}\n".encode())
    return digest.hexdigest()[:16]
