"""The pointer to the serving version, and the versions that served before, for rollback."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from bot.errors import ModelError
from bot.files.private_files import hand_over, open_private

CURRENT = "current"
"""File in the model folder that names the serving version; replaced atomically."""

_EARLIER = "earlier"
_REMEMBERED = 10
_REMEDY = "run `frontdesk train`"


class Pointer:
    """The pointer of a model folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self) -> str:
        """Return the name of the serving version.

        Raises:
            ModelError: There is none, or the folder is not a model folder.
        """
        try:
            return (self._folder / CURRENT).read_text(encoding="utf-8").strip()
        except FileNotFoundError as error:
            raise ModelError(f"{self._folder}: there is no trained model: {_REMEDY}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise ModelError(
                f"{self._folder}: is not a model folder ({error}): {_REMEDY}"
            ) from error

    def earlier(self) -> Sequence[str]:
        """Return the names of versions that served before, the latest last."""
        try:
            return (self._folder / _EARLIER).read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return ()

    def move(self, name: str) -> None:
        """Point to another version, and record the previous one."""
        try:
            before = [each for each in (*self.earlier(), self.read()) if each != name]
        except ModelError:
            before = []
        if before:
            self._write(_EARLIER, before[-_REMEMBERED:])
        self._write(CURRENT, [name])

    def move_back(self, name: str) -> None:
        """Point to an earlier version, and drop the ones after it from the record."""
        self._write(CURRENT, [name])
        earlier = list(self.earlier())
        self._write(_EARLIER, earlier[: earlier.index(name)] if name in earlier else earlier)

    def _write(self, file: str, names: Sequence[str]) -> None:
        draft = self._folder / f"{file}.{os.getpid()}"
        with open_private(draft) as opened:
            opened.write("".join(f"{name}\n" for name in names).encode())
            opened.flush()
            os.fsync(opened.fileno())
        hand_over(draft, self._folder)
        draft.replace(self._folder / file)
