"""The command line of benchmarks that kill processes, over SQLite and PostgreSQL."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

Figures = Callable[[str, int, int], tuple[str, bool]]
"""Measures on a database, with kills at random instants and a seed; returns a report, and whether
all held."""


def kill_on_databases(module: str, description: str | None, figures: Figures) -> int:
    """Read the command line, measure and print; return the exit code, 0 where all held."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    parser.add_argument("--backend", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--random", type=int, default=10, help="kills at random instants, each")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    holds = True
    for backend in ("sqlite", "postgres"):
        if options.backend in (backend, "both"):
            report, held = figures(backend, options.random, options.seed)
            sys.stdout.write(report + "\n")
            holds = holds and held
    return 0 if holds else 1
