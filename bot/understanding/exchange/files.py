"""Reads and decodes imported text and JSON files."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import IntentsError, Problem

MAX_BYTES = 64 * 1024 * 1024
"""Maximum size of a file, and of the content of an archive."""


@dataclass(frozen=True, slots=True)
class Row:
    """A message with its label, as read from a file.

    Attributes:
        text, label: The message, and the label of its intent.
        line: Line number; 0 if the format has none.
        language: Language tag; empty if unknown.
        reply: The reply; empty if there is none.
        file: Its file, if several files are read at once.
    """

    text: str
    label: str
    line: int
    language: str = ""
    reply: str = ""
    file: Path | None = None

    @property
    def place(self) -> int | str:
        """The line, with the name of the file if there are several."""
        return self.line if self.file is None else f"{self.file}:{self.line}"


def read_text(file: Path, kind: str) -> str:
    """Read a text file in UTF-8, or in UTF-16 ("Unicode text" in spreadsheets).

    Args:
        file: The file.
        kind: Format to save it as, for the error message.

    Raises:
        IntentsError: It cannot be read.
    """
    try:
        if file.is_dir():
            raise refusal(file, 0, "is a folder", "name a file")
        if (size := file.stat().st_size) > MAX_BYTES:
            wrong = f"{size:,} bytes, more than the limit of {MAX_BYTES:,}"
            raise refusal(file, 0, wrong, "split it into several files")
        data = file.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise refusal(file, 0, f"cannot be read ({reason})", "check the path") from error
    return decoded(file, data, kind)


def decoded(file: Path, data: bytes, kind: str) -> str:
    """Decode UTF-8 or UTF-16.

    Raises:
        IntentsError: The bytes are in another encoding.
    """
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong = f"not UTF-8 (byte 0x{data[error.start]:02X})"
        raise refusal(file, line, wrong, f"save it as {kind} UTF-8") from error


def parsed_json(file: Path, text: str, line: int = 0) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Parse JSON.

    Args:
        file: The file, for the error message.
        text: The JSON.
        line: Line number if it is one line of a file; 0 if it is the whole file.

    Raises:
        IntentsError: It is not valid JSON.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        wrong = f"not valid JSON ({error.msg})"
        where = (line, 1) if line else (error.lineno, error.colno)
    except RecursionError:
        wrong, where = "not valid JSON (nested too deeply)", (line or 1, 1)
    remedy = "write one JSON object per line" if line else "export it again, and do not edit it"
    raise IntentsError([Problem(file, *where, "", wrong, remedy)])


def objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a JSON list; nothing for other values."""
    items = value if isinstance(value, list) else ()
    yield from (item for item in items if isinstance(item, dict))


def texts(value: object) -> Iterator[str]:
    """Yield the texts in a JSON list; nothing for other values."""
    items = value if isinstance(value, list) else ()
    yield from (item for item in items if isinstance(item, str))


def refusal(file: Path, line: int, wrong: str, remedy: str) -> IntentsError:
    """Return an error about a file, or a line of it."""
    return IntentsError([Problem(file, line, 1 if line else 0, "", wrong, remedy)])


def normalised(text: str) -> str:
    """Return the form in which `check` compares examples.

    >>> normalised("Hi  THERE") == normalised("hi there")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
