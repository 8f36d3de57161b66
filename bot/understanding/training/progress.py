"""How far training has come, for whoever shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Shows the stages of a long task; the CLI draws bars."""

    def stage(self, name: str, total: int | None) -> None:
        """Begin a stage, and end the one before it.

        Args:
            name: What is being done, for people.
            total: How many steps it has; None when that is not known.
        """
        ...

    def advance(self, n: int = 1) -> None:
        """Tell that n more steps of the stage are done."""
        ...


class NoProgress:
    """Shows nothing."""

    def stage(self, name: str, total: int | None) -> None:
        """Show nothing."""

    def advance(self, n: int = 1) -> None:
        """Show nothing."""
