"""Reads messages from files; `bot.understanding.exchange` reads labelled ones."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TextIO, TypeVar

from bot.errors import IntentsError, Problem

_Taken = TypeVar("_Taken")

TEXT, AUTHOR = "text", "author"
"""Names of the columns."""


def read_messages(path: Path) -> list[str]:
    """Read messages: the column `text` of a CSV file, else the non-empty lines of a text file.

    Raises:
        IntentsError: The file cannot be read, or holds none.
    """
    take = _column if path.suffix.lower() == ".csv" else _lines
    messages = _read(path, lambda stream: take(path, stream))
    if not messages:
        raise _problem(path, "holds no messages", "write one a line, or a CSV with a column text")
    return messages


def read_authored(path: Path) -> list[tuple[str, str]]:
    """Read messages with whoever wrote them: the columns `text` and `author` of a CSV file.

    Raises:
        IntentsError: The file cannot be read, or holds none.
    """
    messages = _read(path, lambda stream: _authored(path, stream))
    if not messages:
        raise _problem(path, "holds no messages", "write a CSV with the columns text and author")
    return messages


def _read(path: Path, take: Callable[[TextIO], list[_Taken]]) -> list[_Taken]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return take(stream)
    except OSError as error:
        raise _problem(
            path, f"cannot be read ({(error.strerror or str(error)).lower()})", "check the path"
        ) from error
    except UnicodeDecodeError as error:
        raise _problem(path, "is not UTF-8", "save it as UTF-8") from error
    except csv.Error as error:
        raise _problem(path, f"is no CSV ({error})", "save it as comma-separated text") from error


def _column(path: Path, stream: TextIO) -> list[str]:
    from bot.understanding.exchange.cells import from_cell

    return [from_cell(row[TEXT] or "") for row in _rows(path, stream, TEXT)]


def _authored(path: Path, stream: TextIO) -> list[tuple[str, str]]:
    """Return texts with authors; rows without an author count as one person's."""
    from bot.understanding.exchange.cells import from_cell

    rows = _rows(path, stream, TEXT, AUTHOR)
    return [(from_cell(row[TEXT] or ""), (row[AUTHOR] or "").strip()) for row in rows]


def _rows(path: Path, stream: TextIO, *needed: str) -> csv.DictReader[str]:
    """Return the rows of a CSV file, whose first line names the columns."""
    reader = csv.DictReader(stream)
    headings = [heading.strip().lower() for heading in reader.fieldnames or ()]
    for name in needed:
        if name not in headings:
            found = ", ".join(headings) or "nothing"
            wrong = f"its first line names {found}"
            raise _problem(path, wrong, f"name a column {name} there", line=1)
    reader.fieldnames = headings
    return reader


def _lines(_path: Path, stream: TextIO) -> list[str]:
    return [line.strip() for line in stream if line.strip()]


def _problem(path: Path, wrong: str, remedy: str, *, line: int = 0) -> IntentsError:
    return IntentsError([Problem(path, line, 1 if line else 0, "", wrong, remedy)])
