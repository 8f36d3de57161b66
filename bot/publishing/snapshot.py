"""The intent files as they were when a model learned them: kept in the model's own folder.

So a version is whole: going back to it brings its replies back as well, a broken file keeps no
service from starting, and all processes of a desk answer with the same files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import IntentsError, ModelError
from bot.understanding.intents import IntentSet, load_intents
from bot.understanding.intents.folder import yaml_files

INTENTS = "intents"
"""Folder of the intent files within a model version."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The content of a folder's intent files, by name."""

    files: Mapping[str, bytes]

    @classmethod
    def of(cls, folder: Path) -> Snapshot:
        """Read the files as they are; none of a folder that cannot be read."""
        try:
            return cls({path.name: path.read_bytes() for path in yaml_files(folder)})
        except OSError:  # not there, or a file vanished while we looked
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
        """Put the files into a model version."""
        (version / INTENTS).mkdir()
        for name, content in self.files.items():
            (version / INTENTS / name).write_bytes(content)


def read_snapshot(version: Path, language: str) -> IntentSet:
    """Read the intents that a version was taught.

    Args:
        version: Folder of the version.
        language: The desk's default language.

    Raises:
        ModelError: They are missing, or another version of Frontdesk could read them.
    """
    try:
        return load_intents(version / INTENTS, default_language=language, serving=True)
    except IntentsError as error:
        raise ModelError(
            f"{version}: its intent files cannot be used: run `frontdesk train`\n{error}"
        ) from error
