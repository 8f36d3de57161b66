"""The stage for what staff say in customers' threads: recorded, and not answered."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.messages import Addressing, DecisionKind, Message, Part, Received
from bot.responder import Turn
from bot.storage.askers import asker
from bot.storage.engine import Database


class StaffLines:
    """Takes messages of staff in threads that somebody else began; stands before `Paused`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Say nothing where a colleague speaks to a customer."""
        if not isinstance(turn.event, Received) or not turn.message.author.staff:
            return
        if await self._is_own(turn.message):
            return
        yield turn.decide(DecisionKind.STAFF, "a member of staff spoke in a customer's thread")

    async def _is_own(self, message: Message) -> bool:
        """Return whether a member of staff asks for themselves."""
        if message.answered_alone:
            return True
        if message.addressing is Addressing.AMBIENT:  # to the customers of a channel
            return False
        began = await asker(self._database, message.conversation)
        if began is None:  # nobody asked there so far: this is the first message to the bot
            return message.addressing is not Addressing.THREAD
        return began == message.author.key
