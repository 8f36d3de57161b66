"""Labelled messages from a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path

from bot.errors import IntentsError, Problem

TEXT, LABELS = "text", ("label", "intent", "category")
"""Names that the columns may have."""


def read_rows(path: Path) -> list[tuple[str, str]]:
    """Read (text, label) rows; both columns are found by their headings.

    Raises:
        IntentsError: The file cannot be read, or has no such columns or rows.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _rows(path, csv.DictReader(stream))
    except OSError as error:
        raise _problem(
            path, f"cannot be read ({(error.strerror or str(error)).lower()})", "check the path"
        ) from error
    except UnicodeDecodeError as error:
        raise _problem(path, "is not UTF-8", "save it as UTF-8") from error
    except csv.Error as error:
        raise _problem(path, f"is no CSV ({error})", "save it as comma-separated text") from error


def _rows(path: Path, reader: csv.DictReader[str]) -> list[tuple[str, str]]:
    headings = [heading.strip().lower() for heading in reader.fieldnames or ()]
    label = next((name for name in LABELS if name in headings), None)
    if TEXT not in headings or label is None:
        found = ", ".join(headings) or "nothing"
        raise _problem(
            path, f"its first line names {found}", "name the columns text and label there", line=1
        )
    reader.fieldnames = headings
    rows = [(row[TEXT] or "", (row[label] or "").strip()) for row in reader]
    if not rows:
        raise _problem(path, "holds no rows", "add labelled messages")
    return rows


def _problem(path: Path, wrong: str, remedy: str, *, line: int = 0) -> IntentsError:
    return IntentsError([Problem(path, line, 1 if line else 0, "", wrong, remedy)])
