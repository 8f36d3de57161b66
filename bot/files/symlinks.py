"""Symbolic links in folders of admins: followed within the folder, refused if they lead out.

A folder may itself be a link (`current -> releases/7`), and so may its files where a volume is
swapped as a whole: Kubernetes mounts a ConfigMap as `a.md -> ..data/a.md`, `..data -> ..2026_1`.
A link inside the folder with a target outside is refused: it could quote any file of the machine
to customers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Problem


@dataclass(frozen=True, slots=True)
class Walked:
    """One folder of a tree.

    Attributes:
        names: Of its files, hidden ones included.
        outside: Links to folders that lead out of the tree.
    """

    path: Path
    names: tuple[str, ...]
    outside: tuple[Path, ...] = ()


def leads_out(path: Path, folder: Path) -> bool:
    """Return whether a path ends outside of a folder, both resolved, or at a hidden file."""
    real = Path(os.path.realpath(path))
    hidden = real.name.startswith(".") and not path.name.startswith(".") and not real.is_dir()
    return hidden or not real.is_relative_to(os.path.realpath(folder))


def refusal(path: Path) -> Problem:
    """Return the problem of a link that leads out."""
    remedy = "replace the link by the file itself, or name the folder it leads to in config.yaml"
    return Problem(path, 0, 0, "", "a link that leads out of this folder is not read", remedy)


def walk(folder: Path, onerror: Callable[[OSError], None] | None = None) -> Iterator[Walked]:
    """Yield a folder and its subfolders, hidden ones excepted; the folder may be a link.

    A link to a folder is entered where its target lies hidden inside the tree, as volumes of
    Kubernetes have it; any other target inside is read under its own name.
    """
    root = Path(os.path.realpath(folder))
    entered: set[Path] = set()
    pending = [folder]
    while pending:
        for place, folders, names in os.walk(pending.pop(), onerror=onerror):
            paths = [Path(place, each) for each in sorted(folders) if not each.startswith(".")]
            links = [path for path in paths if path.is_symlink()]
            folders[:] = [path.name for path in paths if path not in links]
            outside = tuple(link for link in links if leads_out(link, root))
            for link in links:
                target = Path(os.path.realpath(link))
                round_trip = Path(os.path.realpath(place)).is_relative_to(target)
                known = link in outside or target in entered or round_trip
                if not known and _hidden(target, root):
                    entered.add(target)
                    pending.append(link)
            yield Walked(Path(place), tuple(names), outside)


def _hidden(target: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in target.relative_to(root).parts)
