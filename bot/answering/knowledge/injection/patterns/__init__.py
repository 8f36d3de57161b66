"""Patterns of prompt injection by language; english.txt describes their format."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

_FILES = tuple(sorted(Path(__file__).parent.glob("*.txt")))
_WORD = re.compile(r"\{([A-Z]+)\}")


@cache
def pattern(section: str) -> re.Pattern[str]:
    """Return the pattern of a section, for all languages.

    >>> bool(pattern("denials").search("Never!")), bool(pattern("denials").search("Nie!"))
    (True, True)
    """
    lines = [line for file in _FILES for line in _sections(file)[section]]
    return re.compile("|".join(f"(?:{line})" for line in lines), re.IGNORECASE | re.MULTILINE)


@cache
def _sections(file: Path) -> dict[str, list[str]]:
    """Read a file: the patterns of each section, with their words put in."""
    sections: dict[str, list[str]] = defaultdict(list)
    words: dict[str, str] = {}
    section = ""
    for line in file.read_text("utf-8").splitlines():
        if not line or line.startswith("# "):
            continue
        if re.fullmatch(r"\[[a-z]+\]", line):
            section = line[1:-1]
        elif section == "words":
            name, _, meaning = line.partition(" = ")
            words[name] = f"(?:{_filled(meaning, words)})"
        else:
            sections[section].append(_filled(line, words))
    return sections


def _filled(line: str, words: dict[str, str]) -> str:
    return _WORD.sub(lambda word: words[word[1]], line)
