"""The meter of a desk that nobody watches."""

from __future__ import annotations

from bot.messages import Decision, Event


class Unmetered:
    """A `Meter` that counts nothing."""

    def accepted(self, event: Event, *, fresh: bool) -> None:
        """Count nothing."""

    def answered(self, decision: Decision, seconds: float) -> None:
        """Count nothing."""

    def put_off(self, event: Event, error: Exception) -> None:
        """Count nothing."""

    def given_up(self, event: Event, error: Exception) -> None:
        """Count nothing."""
