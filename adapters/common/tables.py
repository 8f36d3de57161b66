"""Tables of Markdown for platforms that have none: aligned in a code block, or as a list."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.common.markdown import plain_text

WIDEST: Final = 60
"""Columns of a table that a code block shows whole; narrower screens break its lines."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        head: Markdown of the cells of the first row.
        rows: Those of the others, each with as many cells as the first.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def cell_text(markdown: str) -> str:
    """Return a cell as plain text on one line."""
    return " ".join(plain_text(markdown.replace("<br>", " / ")).split())


def as_text(table: Table) -> str:
    """Return a table as Markdown that every platform shows: aligned, or as a list if it is wide."""
    cells = [[cell_text(each) for each in row] for row in (table.head, *table.rows)]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    fenced = any("```" in each for row in cells for each in row)
    if fenced or sum(widths) + 2 * (len(widths) - 1) > WIDEST:
        return as_list(table)
    head, *rows = cells
    lines = [_aligned(head, widths), _aligned(["-" * width for width in widths], widths)]
    return "\n".join(["```", *lines, *(_aligned(row, widths) for row in rows), "```"])


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip()


def as_list(table: Table) -> str:
    """Return one point for each row: its first cell, then the others by the names of columns."""
    lines = []
    for first, *others in table.rows:
        named = [
            f"{name.strip()}: {cell.strip()}"
            for name, cell in zip(table.head[1:], others, strict=True)
            if cell.strip()
        ]
        lines.append(f"- **{cell_text(first)}**" + (f": {'; '.join(named)}" if named else ""))
    return "\n".join(lines)


def _width(text: str) -> int:
    """Return the columns that a text takes in a monospaced font."""
    return sum(
        0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF")
        for each in text
    )
