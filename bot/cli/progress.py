"""How training shows where it is: bars at a terminal, lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed
from rich.text import Text

from bot.cli.options import stderr


@contextmanager
def progress() -> Iterator[Bars | Lines]:
    """Show the stages of a training, on standard error."""
    console = stderr()
    if not console.color_system:
        lines = Lines(console)
        yield lines
        lines.close()
        return
    columns = (
        TextColumn("  {task.description:<28}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        Elapsed(),
    )
    with Progress(*columns, console=console) as bars:
        yield Bars(bars)


class Bars:
    """A bar for each stage."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of so many steps; what came before is done."""
        self._finish()
        self._task = self._bars.add_task(name, total=total)

    def advance(self, steps: int = 1) -> None:
        """Go on within the stage."""
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def _finish(self) -> None:
        for task in self._bars.tasks:
            if not task.finished:
                self._bars.update(task.id, completed=task.total)


class Lines:
    """A line for each stage, when it is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._name = ""
        self._started = 0.0

    def stage(self, name: str, total: int) -> None:  # noqa: ARG002 - a line has no length
        """Begin a stage; what came before is done."""
        self.close()
        self._name, self._started = name, time.monotonic()

    def advance(self, steps: int = 1) -> None:
        """Say nothing: the stage is not done."""

    def close(self) -> None:
        """Say that the last stage is done."""
        if self._name:
            seconds = time.monotonic() - self._started
            self._console.print(Text(f"{self._name}: {seconds:.1f} s"), soft_wrap=True)
        self._name = ""
