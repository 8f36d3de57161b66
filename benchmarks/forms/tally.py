"""Counts what was read right, wrong, and asked again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["right", "wrong", "asked again"]


@dataclass(slots=True)
class Tally:
    """Outcomes by the name of a slot.

    Attributes:
        shown: Outcomes whose texts are printed; for building only, never of a test part.
    """

    counts: dict[str, Counter[Outcome]] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()

    def add(self, slot: str, outcome: Outcome, text: str = "", note: str = "") -> None:
        """Count an outcome."""
        self.counts.setdefault(slot, Counter())[outcome] += 1
        if outcome in self.shown:
            print(f"    {outcome}: {slot}: {text!r}: {note}")

    def lines(self, title: str) -> list[str]:
        """Return a table: one line for all, and one for each slot."""
        whole: Counter[Outcome] = Counter()
        for each in self.counts.values():
            whole.update(each)
        rows = [("all", whole), *sorted(self.counts.items())]
        return [title, *(_line(name, counts) for name, counts in rows)]


def _line(name: str, counts: Counter[Outcome]) -> str:
    total = sum(counts.values())
    shares = "  ".join(
        f"{outcome} {100 * counts[outcome] / max(total, 1):5.1f} %"
        for outcome in ("right", "wrong", "asked again")
    )
    return f"  {name:<18} {total:5d}  {shares}"
