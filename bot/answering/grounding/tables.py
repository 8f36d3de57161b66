"""Markdown tables as text: each cell with the header of its column and its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.answering.grounding.parsing import plain, read

_RULE = re.compile(r"\|?\s*:?-{2,}")
_IN_UNIT = re.compile(r"\b(?:in |\()(\w+)")
"""The unit of a table in a title or heading: "sizes in centimetres", "weight (kg)"."""


def is_table(lines: Sequence[str]) -> bool:
    """Return whether lines are a table: the second line is its delimiter row."""
    return len(lines) > 1 and _RULE.match(lines[1].strip()) is not None


def rows(lines: Sequence[str], above: str) -> Iterator[list[str]]:
    """Yield the cells of each row as `head: value`.

    Args:
        lines: Of the table.
        above: Title and headings that it stands under.

    >>> list(rows(["| Size | Chest |", "| --- | --- |", "| M | 94 |"], "Sizes in centimetres"))
    [['Size: M', 'Chest: 94 centimetres']]
    """
    heads, unit = _cells(lines[0]), _unit_in(above)
    for line in lines[2:]:
        named = zip(heads, _cells(line), strict=False)
        yield [_measured(head, cell, unit) if head else cell for head, cell in named]


def _unit_in(above: str) -> str:
    """Return the one unit that title and headings name; empty for none, or several."""
    words = {word for word in _IN_UNIT.findall(above) if word.isalpha()}
    units = {word for word in words if read(f"1 {word}").quantities[0].unit}
    return units.pop() if len(units) == 1 else ""


def _measured(head: str, cell: str, unit: str) -> str:
    """Add the unit of the column or the table to bare numbers: 1-3 becomes 1-3 working days."""
    if not re.fullmatch(r"[\d.,–\-\s]+", cell):
        return f"{head}: {cell}"
    own = head if read(f"1 {head}").quantities[0].unit else unit
    return f"{head}: {cell} {own}".rstrip()


def _cells(line: str) -> list[str]:
    return [plain(cell) for cell in line.strip().strip("|").split("|")]
