"""A platform that can speak first."""

from __future__ import annotations

from tests.delivery.platform import ListAdapter


class Voice(ListAdapter):
    """Keeps what it announces, and fails when told to."""

    def __init__(self, *refusals: Exception) -> None:
        super().__init__()
        self.announced: list[tuple[str, str]] = []
        self.refusals = list(refusals)

    async def notify(self, channel: str, markdown: str) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.announced.append((channel, markdown))
