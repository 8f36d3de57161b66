"""Finds and erases a person's messages in the file of approved messages."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.errors import IntentsError, StorageError
from bot.privacy.erasure_log import ErasureLog
from bot.understanding.traffic.learned_file import (
    Learned,
    LearnedMessages,
    change_learned,
    read_learned,
)


@dataclass(frozen=True, slots=True)
class LearnedOfPeople:
    """The approved messages as a `PersonalFile`.

    Attributes:
        path: The file.
        ledger: The erasure log whose key made the authors' marks.
    """

    path: Path
    ledger: ErasureLog

    @property
    def name(self) -> str:
        """What the file is called among the tables of an export."""
        return "learned"

    def stored_of(self, key: str) -> list[dict[str, Any]]:
        """Return the messages of a person.

        Raises:
            StorageError: The file cannot be read, or its marks are of another erasure log.
        """
        learned = self._read()
        mark = self.ledger.mark(key) if learned.rows else ""
        return [
            {"intent": row.intent, "text": row.text, "written": row.written.isoformat()}
            for row in learned.rows
            if row.author == mark
        ]

    def erase(self, key: str) -> int:
        """Erase the messages of a person; return how many there were.

        Raises:
            StorageError: See `stored_of`; or the file cannot be written.
        """
        learned = self._read()
        mark = self.ledger.mark(key) if learned.rows else ""
        return len(self._drop(lambda row: row.author == mark)) if mark else 0

    def reapply(self) -> int:
        """Erase the messages of everybody whom the erasure log names; return how many people.

        Raises:
            StorageError: See `erase`.
        """
        if not self._read().rows:
            return 0
        erased = {mark: at.date() for mark, at in self.ledger.marks().items()}
        gone = self._drop(lambda row: row.written <= erased.get(row.author, date.min))
        return len({row.author for row in gone})

    def _read(self) -> LearnedMessages:
        try:
            learned = read_learned(self.path)
        except IntentsError as error:
            raise StorageError(str(error)) from error
        if learned.rows and learned.ledger != self.ledger.identity():
            raise StorageError(
                f"{self.path}: its authors were marked with another erasure log, so nobody can be "
                "found in it: name that log as `privacy.ledger`, or delete the file"
            )
        return learned

    def _drop(self, gone: Callable[[Learned], bool]) -> list[Learned]:
        """Delete messages; return them."""
        try:
            before, _ = change_learned(self.path, lambda learned: _without(learned, gone))
        except IntentsError as error:
            raise StorageError(str(error)) from error
        except OSError as error:
            raise StorageError(
                f"{self.path}: {os.strerror(error.errno or 0)}: let this account write it"
            ) from error
        return [row for row in before.rows if gone(row)]


def drop_older(path: Path, before: date) -> int:
    """Delete the messages that were written before a day; return how many there were.

    Raises:
        IntentsError: The file has mistakes; it stays as it is.
        OSError: It cannot be written.
    """
    if not path.exists():
        return 0
    old, new = change_learned(
        path, lambda learned: _without(learned, lambda row: row.written < before)
    )
    return len(old.rows) - len(new.rows)


def _without(learned: LearnedMessages, gone: Callable[[Learned], bool]) -> LearnedMessages:
    return replace(learned, rows=tuple(row for row in learned.rows if not gone(row)))
