"""Progress of training: bars at a terminal, lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from bot.cli.options import stderr

SILENT = 15.0
"""Seconds between progress lines where there is no bar."""


@contextmanager
def progress() -> Iterator[Bars | Lines]:
    """Show the stages of a training, on standard error."""
    console = stderr()
    if not console.color_system:
        lines = Lines(console)
        yield lines
        lines.close()
        return
    with Progress(
        TextColumn("  {task.description:<28}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
    ) as drawn:
        bars = Bars(drawn)
        yield bars
        bars.close()


class Bars:
    """A bar for each stage."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def stage(self, name: str, total: int | None) -> None:
        """Begin a stage with a number of steps; the previous stage is done."""
        self.close()
        self._task = self._bars.add_task(name, total=total)

    def advance(self, n: int = 1) -> None:
        """Advance within the stage."""
        if self._task is not None:
            self._bars.advance(self._task, n)

    def close(self) -> None:
        """Fill the bar of the last stage."""
        if self._task is not None:
            done = next(task for task in self._bars.tasks if task.id == self._task)
            total = done.total if done.total is not None else max(done.completed, 1)
            self._bars.update(self._task, total=total, completed=total)


class Lines:
    """A line for each finished stage, and progress lines in long ones."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._name = ""
        self._total: int | None = None
        self._done = 0
        self._started = self._spoke = 0.0

    def stage(self, name: str, total: int | None) -> None:
        """Begin a stage; the previous stage is done."""
        self.close()
        self._name, self._total, self._done = name, total, 0
        self._started = self._spoke = time.monotonic()

    def advance(self, n: int = 1) -> None:
        """Print progress and the estimated time left, at most once per interval."""
        self._done += n
        now = time.monotonic()
        if self._total and now - self._spoke >= SILENT:
            self._spoke = now
            left = (now - self._started) * max(self._total - self._done, 0) / self._done
            self._print(f"{self._done} of {self._total}, about {left:.0f} s left")

    def close(self) -> None:
        """Print that the last stage is done."""
        if self._name:
            self._print(f"{time.monotonic() - self._started:.1f} s")
        self._name = ""

    def _print(self, said: str) -> None:
        self._console.print(Text(f"{self._name}: {said}"), soft_wrap=True)
