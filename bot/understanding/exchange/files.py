"""Reads files that others wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.errors import IntentsError, Problem


@dataclass(frozen=True, slots=True)
class Row:
    """A message and its label, as a file has them."""

    text: str
    label: str
    line: int


def read_text(file: Path, kind: str) -> str:
    """Read a file of text: UTF-8, or UTF-16 as spreadsheets write "Unicode text".

    Args:
        file: What to read.
        kind: How to save it, for the error.

    Raises:
        IntentsError: It cannot be read.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise refusal(file, 0, f"cannot be read ({reason})", "check the path") from error
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong = f"not UTF-8 (byte 0x{data[error.start]:02X})"
        raise refusal(file, line, wrong, f"save it as {kind} UTF-8") from error


def refusal(file: Path, line: int, wrong: str, remedy: str) -> IntentsError:
    """Return what to raise about a file, or a line of it."""
    return IntentsError([Problem(file, line, 1 if line else 0, "", wrong, remedy)])
