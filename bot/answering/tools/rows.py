"""Makes units of what an action returned, as of the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.answering.selection.units import LONGEST, ArticleUnit

MOST = 40
"""Units of one result."""

_MARKDOWN = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>|~#"})


def result_units(results: Sequence[Mapping[str, Any]]) -> list[ArticleUnit]:
    """Return the units of some results: a row for each value, and one for each item of a list.

    >>> [unit.text for unit in result_units([{"status": "late", "items": [{"name": "Tent"}]}])]
    ['status: late', 'items: name: Tent']
    """
    units: list[ArticleUnit] = []
    for number, values in enumerate(results):
        for block, row in enumerate(_rows(values)):
            units.append(ArticleUnit(row[:LONGEST], number, block, mark="-"))
    return units[:MOST]


def _rows(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, list):
            yield from (f"{_named(name)}: {_shown(each)}" for each in value if _is_said(each))
        elif _is_said(value):
            yield f"{_named(name)}: {_shown(value)}"


def _shown(value: Any) -> str:  # noqa: ANN401 - what JSON holds
    if isinstance(value, dict):
        said = {name: each for name, each in value.items() if _is_said(each)}
        return "; ".join(f"{_named(name)}: {_shown(each)}" for name, each in said.items())
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value if _is_said(each))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(str(value).split()).translate(_MARKDOWN)


def _is_said(value: Any) -> bool:  # noqa: ANN401 - what JSON holds
    return value is not None and value not in ("", [], {})


def _named(name: str) -> str:
    return str(name).replace("_", " ")
