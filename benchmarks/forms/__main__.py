"""How well slots are filled: python -m benchmarks.forms --data DIR.

    python -m benchmarks.forms --data DIR [--only restaurant8k|nlupp|star_bank] [--part test|train]
        [--show wrong "asked again"]

`--part train` reads what the readers were built with, and `--show` prints texts of it.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks.forms import nlupp, restaurant8k, star_bank

SETS = ("restaurant8k", "nlupp", "star_bank")


def main() -> None:
    """Print a table for each data set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", choices=SETS)
    parser.add_argument("--part", choices=("test", "train"), default="test")
    parser.add_argument("--show", nargs="*", default=[], choices=("wrong", "asked again"))
    given = parser.parse_args()
    if given.show and given.part == "test":
        parser.error("`--show` is for `--part train`: test parts are not looked at")
    shown = frozenset(given.show)
    for name in SETS:
        if given.only in (None, name):
            began = time.perf_counter()
            lines = _tables(name, given.data, given.part, shown)
            print("\n".join([*lines, f"  ({time.perf_counter() - began:.1f} s)", ""]))


def _tables(name: str, data: Path, part: str, shown: frozenset[str]) -> list[str]:
    if name == "restaurant8k":
        return restaurant8k.tables(data, part, shown)
    if name == "star_bank":
        return star_bank.tables(data)
    return nlupp.tables(data, part, shown)


if __name__ == "__main__":
    main()
