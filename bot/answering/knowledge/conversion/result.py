"""Result of a conversion, and its JSON form between child process and parent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

LARGEST_TEXT = 1_000_000
"""Characters of an article; a novel has about as many."""

_OPEN, _CLOSE = "\ue000", "\ue001"  # private use: no script has them
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


@dataclass(frozen=True, slots=True)
class Meta:
    """A metadata value of a file, with its place; 0 where there is none."""

    value: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Converted:
    """An article as Markdown.

    Attributes:
        places: For each line of the Markdown, where it comes from: line, page or paragraph of
            the file, counted from 1.
        meta: Keys as in front matter.
        title: Used when neither metadata nor a heading has one.
    """

    markdown: str
    places: tuple[int, ...]
    meta: Mapping[str, Meta] = field(default_factory=dict)
    title: str = ""

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Build it from what `asdict` made of it."""
        return cls(
            markdown=str(document["markdown"]),
            places=tuple(int(place) for place in document["places"]),
            meta={str(key): Meta(**meta) for key, meta in document["meta"].items()},
            title=str(document["title"]),
        )


class Unreadable(Exception):
    """A file that cannot be converted: what is wrong with it, and the remedy.

    Attributes:
        line, column: Counted from 1; 0 when the whole file is meant.
    """

    def __init__(self, wrong: str, remedy: str, line: int = 0, column: int = 0) -> None:
        super().__init__(wrong, remedy, line, column)
        self.wrong = wrong
        self.remedy = remedy
        self.line = line
        self.column = column


def mark(place: int) -> str:
    """Return an invisible mark with the place of the text after it."""
    return f"{_OPEN}{place}{_CLOSE}"


def unmarkable(text: str) -> str:
    """Remove the characters of marks."""
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def collect_marks(markdown: str) -> tuple[str, tuple[int, ...]]:
    r"""Take the marks out of Markdown.

    >>> collect_marks(f"# {mark(3)}Returns\n\n{mark(7)}Sixty days.")
    ('# Returns\n\nSixty days.', (3, 3, 7))

    Returns:
        The Markdown, and the place of each of its lines.
    """
    lines: list[str] = []
    places: list[int] = []
    place = 1
    for line in markdown.splitlines():
        found = _MARK.search(line)
        place = int(found.group(1)) if found else place
        lines.append(_MARK.sub("", line).rstrip())
        places.append(place)
    return "\n".join(lines), tuple(places)


def joined(lines: Sequence[tuple[int, str]]) -> tuple[str, tuple[int, ...]]:
    """Join lines with their places."""
    return "\n".join(text for _, text in lines), tuple(place for place, _ in lines)
