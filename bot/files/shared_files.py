"""Immutable files: hard links instead of copies, and cached checksums."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path


def share(source: Path, target: Path) -> None:
    """Link a file into another folder, or copy it where that is impossible.

    For files that are never written to again: an encoder is most of a version's size, and editing
    intents does not change it.
    """
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def read_strings(path: Path) -> list[str]:
    """Read a list of strings from a JSON file.

    Raises:
        OSError: It cannot be read.
        ValueError: It holds something else.
    """
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError(f"{path.name} holds no list of strings")
    return found


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal; computed again only when it has changed."""
    found = path.stat()
    return _sha256(_File(path, found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns))


@dataclass(frozen=True, slots=True)
class _File:
    """The identity and state of a file; equal for all links to it."""

    path: Path = field(compare=False)
    device: int
    inode: int
    size: int
    modified: int


@lru_cache(maxsize=1000)
def _sha256(file: _File) -> str:
    with file.path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
