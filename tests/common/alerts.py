"""Alerts that are kept for a test to look at."""

from __future__ import annotations


class KeptAlerts:
    """The `Alerts` of a test.

    Attributes:
        told: Kind and text of each.
    """

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    async def alert(self, kind: str, text: str) -> None:
        self.told.append((kind, text))

    async def clear(self, kind: str) -> None:
        self.told = [each for each in self.told if each[0] != kind]
