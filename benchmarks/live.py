"""Time until an edited intent is live, in a process that is serving.

    python -m benchmarks.live

A desk of 25 intents with 20 English examples each, put together by a grammar. It is trained in this
process, edited, and then served by a process of its own with `publish: auto`, which is asked all
the while. Every edition of its file says its number in the replies, and gives each name to another
intent, so that answers tell which model and which replies they came from. So does its one article.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from benchmarks.live_instance import configured, save, tell
from bot.publishing.train import train_everything
from bot.understanding.encoders.cache import exported_encoder
from bot.understanding.encoders.multilingual import exported_multilingual
from bot.understanding.model.registry import ModelRegistry

EDITS = 5
STORM, EVERY = 40, 0.25
"""Saves in a row, and seconds between two of them."""


class Serving:
    """A process that serves the desk, and what it said so far."""

    def __init__(self, told: IO[str], tells: IO[str]) -> None:
        self._told = told
        self._tells = tells

    def until(self, condition: Callable[[dict[str, float]], bool]) -> dict[str, float]:
        """Read what it reports until something is so."""
        for line in self._tells:
            report: dict[str, float] = json.loads(line)
            if condition(report):
                return report
        raise SystemExit("the serving process ended")

    def finished(self) -> dict[str, float]:
        """Let it end; return its last report."""
        self._told.close()
        return self.until(lambda report: "asked" in report)


@contextmanager
def serving(root: Path) -> Iterator[Serving]:
    """Serve a desk in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.live_process", str(root)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:  # noqa: S603 - ours
        try:
            if process.stdin and process.stdout:
                yield Serving(process.stdin, process.stdout)
        finally:
            process.terminate()


def learning(root: Path) -> None:
    """Print what training takes at first, and after an edit."""
    config, spent = configured(root), []
    for edition in range(EDITS + 1):
        reuse = ModelRegistry(config.model).current() if edition else None
        save(root, edition)
        started = time.perf_counter()
        train_everything(config, reuse=reuse)
        spent.append(time.perf_counter() - started)
    print(f"quick training, encoders exported: {spent[0]:.2f} s")
    print(f"after an edit: {_summed(spent[1:])}", flush=True)


def editing(root: Path) -> None:
    """Print what passes between an edit and the first answer by it, and what it does to others."""
    edition = EDITS
    with serving(root) as desk:
        desk.until(lambda report: report.get("edition") == edition)
        spent = []
        for edition in range(EDITS + 1, 2 * EDITS + 1):
            time.sleep(1)
            save(root, edition)
            saved = time.time()
            at = desk.until(lambda report: report.get("edition") == edition)["at"]  # noqa: B023 - at once
            spent.append(at - saved)
        print(f"from saving to an answer, publish: auto: {_summed(spent)}", flush=True)
        _report("meanwhile", desk.finished())


def telling(root: Path) -> None:
    """Print what passes between saving an article and the first answer out of it."""
    with serving(root) as desk:
        desk.until(lambda report: report.get("article") == 0)
        spent = []
        for edition in range(1, EDITS + 1):
            time.sleep(1)
            tell(root, edition)
            saved = time.time()
            at = desk.until(lambda report: report.get("article") == edition)["at"]  # noqa: B023 - at once
            spent.append(at - saved)
        print(f"from saving an article to an answer: {_summed(spent)}", flush=True)
        desk.finished()


def storming(root: Path) -> None:
    """Print what becomes of messages while a file is saved again and again."""
    edition = 2 * EDITS
    with serving(root) as desk:
        desk.until(lambda report: report.get("edition") == edition)
        for edition in range(2 * EDITS + 1, 2 * EDITS + STORM + 1):
            time.sleep(EVERY)
            save(root, edition)
        desk.until(lambda report: report.get("edition") == edition)
        _report(f"{STORM} saves, {EVERY} s apart", desk.finished())


def _summed(spent: list[float]) -> str:
    return f"{statistics.median(spent):.2f} s, at most {max(spent):.2f} s of {len(spent)}"


def _report(when: str, found: dict[str, float]) -> None:
    print(
        f"{when}: {found['asked']} messages, {found['asked'] - found['answered']} lost, "
        f"{found['beside']} answered by half a model, {found['editions']} editions answered; "
        f"the event loop was late by {1000 * found['lag']:.0f} ms at most, "
        f"{1000 * found['lag99']:.0f} ms in one of a hundred cases",
        flush=True,
    )


def main() -> None:
    exported_encoder("embedded")
    exported_multilingual("embedded")
    with tempfile.TemporaryDirectory() as temporary:
        tell(Path(temporary), 0)
        for measure in (learning, editing, telling, storming):
            measure(Path(temporary))


if __name__ == "__main__":
    main()
