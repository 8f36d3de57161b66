"""Progress reporting of training."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives the progress of a long task; the CLI draws bars."""

    def stage(self, name: str, total: int | None) -> None:
        """Begin a stage, and end the previous one.

        Args:
            name: Name of the stage, to be displayed.
            total: Number of steps; None if unknown.
        """
        ...

    def advance(self, n: int = 1) -> None:
        """Report n more completed steps of the stage."""
        ...


class NoProgress:
    """Ignores all progress."""

    def stage(self, name: str, total: int | None) -> None:
        """Do nothing."""

    def advance(self, n: int = 1) -> None:
        """Do nothing."""
