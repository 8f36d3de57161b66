"""Erasure log: who was erased, as keyed digests, in a file outside of the database.

A backup from before an erasure still holds the person. After a restore, the log shows whom to erase
again. With the digests one can check whether a person is in the log, but not list the persons.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot.errors import StorageError
from bot.files.private_files import OWNER, private_folder

MARK = 16
"""Hexadecimal digits of a person's mark."""


class ErasureLog:
    """A file of JSON lines: the salt first, then one line for each erasure."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, key: str, at: datetime) -> None:
        """Record that a person was erased; return when it is on the disk.

        Raises:
            StorageError: It cannot be written.
        """
        try:
            self._begin()
            salt, _ = self._read()
            self._append({"at": at.isoformat(), "digest": _digest(salt, key)})
        except OSError as error:
            raise self._unusable(str(error.strerror)) from error

    def among(self, keys: Iterable[str]) -> dict[str, datetime]:
        """Return those keys that were erased, with the time of the last erasure.

        Raises:
            StorageError: The log is missing or damaged.
        """
        try:
            salt, erasures = self._read()
        except OSError as error:
            raise self._unusable(str(error.strerror)) from error
        digests = ((key, _digest(salt, key)) for key in keys)
        return {key: erasures[digest] for key, digest in digests if digest in erasures}

    def mark(self, key: str) -> str:
        """Return the mark of a person: 16 hexadecimal digits, the same for the same log only.

        A file may name its people by their marks: without the log, nobody can be found in it.

        Raises:
            StorageError: The log cannot be read or written.
        """
        return _digest(self._salt(), key)[:MARK]

    def identity(self) -> str:
        """Return the mark of the log itself, by which a file knows the log that made its marks.

        Raises:
            StorageError: The log cannot be read or written.
        """
        return self.mark("")

    def marks(self) -> dict[str, datetime]:
        """Return the marks of everybody who was erased, with the time of the last erasure.

        Raises:
            StorageError: The log is missing or damaged.
        """
        try:
            _, erasures = self._read()
        except OSError as error:
            raise self._unusable(str(error.strerror)) from error
        return {digest[:MARK]: at for digest, at in erasures.items()}

    def _salt(self) -> str:
        """Return the key of the digests; create the log if there is none."""
        try:
            self._begin()
            return self._read()[0]
        except OSError as error:
            raise self._unusable(str(error.strerror)) from error

    def _begin(self) -> None:
        """Create the file, unless it exists."""
        private_folder(self.path.parent)
        with suppress(FileExistsError):
            self._append({"salt": secrets.token_hex(16)}, os.O_EXCL)

    def _append(self, line: Mapping[str, str], flags: int = 0) -> None:
        """Write one line; return when it is on the disk."""
        flags |= os.O_WRONLY | os.O_APPEND | os.O_CREAT
        file = os.open(self.path, flags, OWNER)
        try:
            os.write(file, f"{json.dumps(line)}\n".encode())
            os.fsync(file)
        finally:
            os.close(file)

    def _read(self) -> tuple[str, dict[str, datetime]]:
        """Return the salt, and the time of the last erasure by digest."""
        erasures: dict[str, datetime] = {}
        first, *rest = self.path.read_text(encoding="utf-8").splitlines() or [""]
        try:
            salt = str(json.loads(first)["salt"])
            for line in rest:
                erasure = json.loads(line)
                erasures[erasure["digest"]] = datetime.fromisoformat(erasure["at"])
        except (ValueError, KeyError, TypeError) as error:
            raise self._unusable("a line is damaged") from error
        return salt, erasures

    def _unusable(self, why: str) -> StorageError:
        return StorageError(
            f"erasure log: {self.path}: {why}: correct `privacy: ledger:`, or repair the file"
        )


def _digest(salt: str, key: str) -> str:
    return hmac.new(bytes.fromhex(salt), key.encode(), hashlib.sha256).hexdigest()
