"""Reads messages from files; `bot.understanding.exchange` reads labelled ones."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TextIO, TypeVar

from bot.errors import IntentsError, Problem

_Taken = TypeVar("_Taken")

TEXT = "text"
"""Name of the column."""


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

    reader = csv.DictReader(stream)
    headings = [heading.strip().lower() for heading in reader.fieldnames or ()]
    if TEXT not in headings:
        found = ", ".join(headings) or "nothing"
        raise _problem(path, f"its first line names {found}", "name a column text there", line=1)
    reader.fieldnames = headings
    return [from_cell(row[TEXT] or "") for row in reader]


def _lines(_path: Path, stream: TextIO) -> list[str]:
    return [line.strip() for line in stream if line.strip()]


def _problem(path: Path, wrong: str, remedy: str, *, line: int = 0) -> IntentsError:
    return IntentsError([Problem(path, line, 1 if line else 0, "", wrong, remedy)])
