"""Measures articles, YAML files and messages from the field: python -m benchmarks.field.

    python -m benchmarks.field [--part build|judge] [--list NAME ...] [--data DIR]

In brackets the 95 % interval. The lists are ours: `build/` was looked at while this was made,
`judge/` was written before and is for judging.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.field.feelings import hostile
from benchmarks.field.lists import LISTS
from benchmarks.field.reading import PARTS


def main() -> None:
    """Print the measures of each list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, default="build")
    parser.add_argument("--list", choices=sorted(LISTS), action="append")
    parser.add_argument("--data", type=Path, help="folder with sentiment/goemotions.csv")
    arguments = parser.parse_args()
    for name in arguments.list or LISTS:
        print(f"{name} ({arguments.part})")
        for line in LISTS[name](arguments.part):
            print(f"  {line}", flush=True)
        if name == "feelings" and arguments.data:
            for text in hostile(arguments.data):
                print(f"  {text}", flush=True)


if __name__ == "__main__":
    main()
