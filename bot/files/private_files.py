"""Private files: mode 600, folders 700, whatever the umask is.

For everything that holds texts of customers, or was trained on them: database, exports, logs,
models, caches. Files that admins write themselves (intents, config) follow their umask.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

OWNER = 0o600
"""Mode of files: only their owner may read and write them."""

OUR_FOLDER = ".frontdesk"
"""Folder that Frontdesk creates next to the config file, for its own files only."""

_SQLITE_SIDES = ("-wal", "-shm", "-journal")


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file that only its owner may read; an existing file is replaced.

    Raises:
        OSError: It cannot be written.
    """
    with open_private(path) as file:
        file.write(content if isinstance(content, bytes) else content.encode())


@contextmanager
def open_private(path: Path) -> Iterator[BinaryIO]:
    """Open a file that only its owner may read, and truncate it.

    Raises:
        OSError: It cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER)
    with os.fdopen(descriptor, "wb") as file:
        set_mode(path, OWNER)
        yield file


def private_folder(path: Path, mode: int = OWNER) -> None:
    """Create a folder and its parents where they are missing; existing ones stay unchanged.

    Args:
        path: The folder.
        mode: Of the files in it: whoever may read them may enter the folder.

    Raises:
        OSError: It cannot be made.
    """
    missing = [each for each in (path, *path.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        set_mode(each, folder_mode(mode))
    path.mkdir(exist_ok=True)  # raises where a file is in the way


def folder_mode(mode: int) -> int:
    """Return the mode of a folder for files of a mode.

    >>> oct(folder_mode(0o640))
    '0o750'
    """
    return mode | (mode & 0o444) >> 2


def protect_tree(folder: Path) -> None:
    """Restrict a folder and its content to its owner; links stay unchanged."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for place, folders, names in os.walk(folder):
        set_mode(Path(place), folder_mode(OWNER))
        for path in (Path(place, name) for name in names):
            if not path.is_symlink():
                set_mode(path, OWNER)
        folders[:] = [name for name in folders if not Path(place, name).is_symlink()]


def hand_over(path: Path, folder: Path) -> None:
    """Give files that root has written to the owner of a folder, as the service seldom is root."""
    if os.geteuid() != 0:
        return
    owner = folder.stat()
    for place, _, names in os.walk(path):
        for each in (Path(place), *(Path(place, name) for name in names)):
            os.chown(each, owner.st_uid, owner.st_gid, follow_symlinks=False)
    if not path.is_dir():
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def protect_file(path: Path, mode: int = OWNER) -> None:
    """Create a file where there is none, and set the mode of it and of SQLite's side files.

    Raises:
        OSError: It cannot be made.
    """
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, mode))
    for each in (path, *(path.with_name(f"{path.name}{side}") for side in _SQLITE_SIDES)):
        if each.exists():
            set_mode(each, mode)


def set_mode(path: Path, mode: int) -> None:
    """Set a mode; without permission to do so, nothing changes."""
    with suppress(OSError):
        if path.stat().st_mode & 0o777 != mode:
            path.chmod(mode)
