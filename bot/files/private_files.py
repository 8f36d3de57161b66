"""Files that only their owner may read: 600, folders 700, whatever the umask says.

For everything that holds what customers wrote, or what was learned from it: database, exports,
logs, models, caches. What admins write themselves (intents, config) is left to their umask.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

OWNER = 0o600
"""Mode of files: to be read and written by their owner alone."""

OUR_FOLDER = ".frontdesk"
"""Folder that Frontdesk makes beside the config, and that holds nothing else."""

_SQLITE_SIDES = ("-wal", "-shm", "-journal")


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file that only its owner may read; an earlier file of the name is replaced.

    Raises:
        OSError: It cannot be written.
    """
    with open_private(path) as file:
        file.write(content if isinstance(content, bytes) else content.encode())


@contextmanager
def open_private(path: Path) -> Iterator[BinaryIO]:
    """Open a file that only its owner may read, to be written anew.

    Raises:
        OSError: It cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER)
    with os.fdopen(descriptor, "wb") as file:
        set_mode(path, OWNER)
        yield file


def private_folder(path: Path, mode: int = OWNER) -> None:
    """Make a folder, and those above it, where they are missing; earlier ones stay as they are.

    Args:
        path: The folder.
        mode: Of the files in it: who may read them may enter the folder.

    Raises:
        OSError: It cannot be made.
    """
    missing = [each for each in (path, *path.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        set_mode(each, folder_mode(mode))
    path.mkdir(exist_ok=True)  # raises where a file is in the way


def folder_mode(mode: int) -> int:
    """Return the mode of a folder whose files have a mode.

    >>> oct(folder_mode(0o640))
    '0o750'
    """
    return mode | (mode & 0o444) >> 2


def protect_tree(folder: Path) -> None:
    """Take a folder and all in it from everybody but its owner; links are left alone."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for place, folders, names in os.walk(folder):
        set_mode(Path(place), folder_mode(OWNER))
        for path in (Path(place, name) for name in names):
            if not path.is_symlink():
                set_mode(path, OWNER)
        folders[:] = [name for name in folders if not Path(place, name).is_symlink()]


def hand_over(path: Path, folder: Path) -> None:
    """Give what root has written to the owner of a folder: a service is seldom root itself."""
    if os.geteuid() != 0:
        return
    owner = folder.stat()
    for place, _, names in os.walk(path):
        for each in (Path(place), *(Path(place, name) for name in names)):
            os.chown(each, owner.st_uid, owner.st_gid, follow_symlinks=False)
    if not path.is_dir():
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def protect_file(path: Path, mode: int = OWNER) -> None:
    """Make an empty file where there is none, and give it and a database's side files a mode.

    Raises:
        OSError: It cannot be made.
    """
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, mode))
    for each in (path, *(path.with_name(f"{path.name}{side}") for side in _SQLITE_SIDES)):
        if each.exists():
            set_mode(each, mode)


def set_mode(path: Path, mode: int) -> None:
    """Set a mode; what belongs to somebody else, or is read-only, stays as it is."""
    with suppress(OSError):
        if path.stat().st_mode & 0o777 != mode:
            path.chmod(mode)
