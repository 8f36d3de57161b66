"""Reads files that others wrote."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import IntentsError, Problem

MAX_BYTES = 64 * 1024 * 1024
"""Largest file, and largest content of an archive, that is read."""


@dataclass(frozen=True, slots=True)
class Row:
    """A message and its label, as a file has them.

    Attributes:
        text, label: What was said, and what was meant.
        line: Where it stands; 0 where the format has no lines.
        language: Language tag; empty where the file does not say.
        reply: What its file answers; empty where it does not.
        file: Where it stands, when several files are read at once.
    """

    text: str
    label: str
    line: int
    language: str = ""
    reply: str = ""
    file: Path | None = None

    @property
    def place(self) -> int | str:
        """Return the line, after the name of the file where there are several."""
        return self.line if self.file is None else f"{self.file}:{self.line}"


def read_text(file: Path, kind: str) -> str:
    """Read a file of text: UTF-8, or UTF-16 as spreadsheets write "Unicode text".

    Args:
        file: What to read.
        kind: How to save it, for the error.

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
    """Return bytes as text: UTF-8 or UTF-16.

    Raises:
        IntentsError: They are in another encoding.
    """
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong = f"not UTF-8 (byte 0x{data[error.start]:02X})"
        raise refusal(file, line, wrong, f"save it as {kind} UTF-8") from error


def parsed_json(file: Path, text: str, line: int = 0) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a text of JSON holds.

    Args:
        file: Where it stands, for the error.
        text: The JSON.
        line: Where it stands when it is one line of a file; 0 when it is the whole file.

    Raises:
        IntentsError: It is no JSON.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        wrong = f"no JSON ({error.msg})"
        where = (line, 1) if line else (error.lineno, error.colno)
    except RecursionError:
        wrong, where = "no JSON (nested too deeply)", (line or 1, 1)
    remedy = "write one JSON object a line" if line else "export it anew, and do not edit it"
    raise IntentsError([Problem(file, *where, "", wrong, remedy)])


def objects(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a JSON list; nothing of other values."""
    items = value if isinstance(value, list) else ()
    yield from (item for item in items if isinstance(item, dict))


def texts(value: object) -> Iterator[str]:
    """Yield the texts of a JSON list; nothing of other values."""
    items = value if isinstance(value, list) else ()
    yield from (item for item in items if isinstance(item, str))


def refusal(file: Path, line: int, wrong: str, remedy: str) -> IntentsError:
    """Return what to raise about a file, or a line of it."""
    return IntentsError([Problem(file, line, 1 if line else 0, "", wrong, remedy)])


def normalised(text: str) -> str:
    """Return what two texts have in common that `check` takes for the same example.

    >>> normalised("Hi  THERE") == normalised("hi there")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
