"""The lists in `build/` and `judge/`, and how a measure of one is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML

from benchmarks.grounding.scoring import interval

HERE = Path(__file__).parent
PARTS = ("build", "judge")

Entry: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of a list.

    Attributes:
        name: What was counted.
        hits: Of each entry, or of each of its strings, whether it counts.
        shown: What to look at, one a line.
    """

    name: str
    hits: tuple[bool, ...]
    shown: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Render with the 95 % interval, in percent."""
        low, high = interval(self.hits)
        count = f"{sum(self.hits)} of {len(self.hits)}"
        told = "".join(f"\n    {each}" for each in self.shown)
        return f"{self.name}: {count} [{low:.1f} %, {high:.1f} %]{told}"


def entries(part: str, name: str) -> list[Entry]:
    """Read a list; a part that has none of that name has no entries."""
    path = HERE / part / f"{name}.yaml"
    return list(YAML(typ="safe").load(path)) if path.is_file() else []


def mapping(part: str, name: str) -> Mapping[str, Any]:
    """Read a list that has several kinds of entries; a part that has none of that name is empty."""
    path = HERE / part / f"{name}.yaml"
    return dict(YAML(typ="safe").load(path)) if path.is_file() else {}
