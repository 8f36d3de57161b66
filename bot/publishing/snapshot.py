"""A copy of the intent files that a model was trained on, kept in the model version.

This makes a version complete: a rollback restores its replies, too, a broken intent file does not
keep a bot from starting, and all processes answer from the same files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import IntentsError, ModelError
from bot.understanding.intents import IntentSet, load_intents
from bot.understanding.intents.folder import CATALOGUE, yaml_files

INTENTS = "intents"
"""Folder of the intent files within a model version."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The content of a folder's intent files, by name; products change without a new model."""

    files: Mapping[str, bytes]

    @classmethod
    def of(cls, folder: Path) -> Snapshot:
        """Read the current files; an unreadable folder yields an empty snapshot."""
        try:
            files = [each for each in yaml_files(folder) if each.stem != CATALOGUE]
            return cls({path.name: path.read_bytes() for path in files})
        except OSError:  # no such folder, or a file was removed meanwhile
            return cls({})

    @property
    def fingerprint(self) -> str:
        """A hash over names and contents."""
        found = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            found.update(f"{name}:{len(content)}:".encode())
            found.update(content)
        return found.hexdigest()

    def write(self, version: Path) -> None:
        """Write the files into a model version."""
        (version / INTENTS).mkdir()
        for name, content in self.files.items():
            (version / INTENTS / name).write_bytes(content)


def read_snapshot(version: Path, language: str) -> IntentSet:
    """Read the intents that a version was trained on.

    Args:
        version: Folder of the version.
        language: The bot's default language.

    Raises:
        ModelError: They are missing, or this version of Frontdesk cannot read them.
    """
    try:
        return load_intents(version / INTENTS, default_language=language, serving=True)
    except IntentsError as error:
        raise ModelError(
            f"{version}: its intent files cannot be used: run `frontdesk train`\n{error}"
        ) from error
