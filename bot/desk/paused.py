"""The stage of a paused desk: messages are kept for staff, and nothing is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.messages import Kind, Part
from bot.responder import Inquiry
from bot.staff.pauses import Pauses
from bot.storage.cases import Cases


class Paused:
    """Takes every message while its channel is paused; stands before all that answers."""

    def __init__(self, pauses: Pauses, cases: Cases) -> None:
        self._pauses = pauses
        self._cases = cases

    async def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
        """Keep the message for staff, in silence."""
        if not await self._pauses.hold(inquiry.message.conversation):
            return
        await self._cases.open(inquiry.message, "paused")
        yield inquiry.decide(Kind.SILENT, "the desk is paused here: kept for staff")
