"""Plays the after-sales tasks and compares the shop's database with the expected one.

python -m benchmarks.after_sales --data DIR [--judge] [--model FOLDER] [--only 3,4] [--show]
python -m benchmarks.after_sales --data DIR --lines [--model FOLDER] [--show]
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.after_sales.customers import FIELD, LINES, Customer, customers
from benchmarks.after_sales.database import load
from benchmarks.after_sales.instance import running
from benchmarks.after_sales.lines import Begun, play_lines, read_lines, show_lines
from benchmarks.after_sales.playing import Result, Tasks

PARTS = {"build": "building half", "judge": "judged half"}


async def measure(options: argparse.Namespace, folder: Path) -> Sequence[Result]:
    """Return what came of each conversation of the chosen parts."""
    shop, tasks = load(options.data), Tasks(options.data)
    found: list[Result] = []
    async with running(folder, shop) as instance:
        for part in ("build", "judge") if options.judge else ("build",):
            for name, each in _chosen(part, options):
                found += await tasks.play(instance, each, part, name)
    return found


async def measure_lines(options: argparse.Namespace, folder: Path) -> Sequence[Begun]:
    """Return what the bot begins at each single message."""
    async with running(folder, load(options.data)) as instance:
        return await play_lines(instance, read_lines(FIELD / "build" / f"{LINES}.yaml"))


def _chosen(part: str, options: argparse.Namespace) -> Iterator[tuple[str, Customer]]:
    """Yield the customers to play, each with the list that it is in."""
    for name, listed in customers(part).items():
        for each in listed:
            if not options.only or each.task in options.only.split(","):
                yield name, each


def show(results: Sequence[Result], *, lines: bool) -> None:
    """Print the figures, and what failed of the building half."""
    for each in results:
        if each.part == "build" and (lines or not each.right):
            where = f"{each.name}: task {each.task}, phrasing {each.phrasing + 1}"
            print(f"{where}: {'; '.join(each.failed)}")
            for line in each.lines if lines else ():
                print(f"    {line}")
    print()
    for part, title in PARTS.items():
        played = [each for each in results if each.part == part]
        names = sorted({each.name for each in played})
        for name in names if len(names) > 1 else ():
            _print(f"{title}, {name}", [each for each in played if each.name == name])
        _print(title, played)
    if len({each.part for each in results}) > 1:
        _print("all tasks", results)


def _print(title: str, results: Sequence[Result]) -> None:
    if not results:
        return
    right = sum(each.right for each in results)
    tasks = {each.task for each in results}
    every = len(tasks - {each.task for each in results if not each.right})
    writes, unconfirmed, unproven = (
        sum(getattr(each, name) for each in results)
        for name in ("writes", "unconfirmed", "unproven")
    )
    called = [each.handed_over for each in results if each.handed_over is not None]
    print(
        f"{title}: database as expected in {right} of {len(results)} conversations"
        f" ({100 * right / len(results):.1f} %); in all phrasings of {every} of {len(tasks)} tasks"
    )
    print(f"    {writes} writes, {unconfirmed} unconfirmed, {unproven} without proof")
    print(f"    a person called where that is right: {sum(called)} of {len(called)}")


def main() -> None:
    """Read the command line, play, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.after_sales")
    parser.add_argument("--data", type=Path, required=True, help="folder of the published tasks")
    parser.add_argument("--judge", action="store_true", help="play the judged half as well")
    parser.add_argument("--model", type=Path, help="keep the model here, and use it again")
    parser.add_argument("--only", default="", help="ids of tasks, with commas between")
    parser.add_argument("--show", action="store_true", help="print the building half's lines")
    parser.add_argument("--lines", action="store_true", help="send single messages instead")
    options = parser.parse_args()
    if (options.data / "tau_retail").is_dir():
        options.data /= "tau_retail"
    started = time.monotonic()
    with TemporaryDirectory() if options.model is None else nullcontext(options.model) as folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        if options.lines:
            show_lines(asyncio.run(measure_lines(options, Path(folder))), lines=options.show)
        else:
            show(asyncio.run(measure(options, Path(folder))), lines=options.show)
    print(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
