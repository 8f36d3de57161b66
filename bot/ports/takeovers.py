"""Ports of conversations that people have: taking one over, lines and drafts for staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.messages import Event, Message, Source


class Takeovers(Protocol):
    """Gives a conversation to a colleague who writes in it themselves."""

    async def take(self, event: Event) -> bool:
        """Give a customer's conversation to the member of staff who speaks there.

        From the moment that it is stored the bot begins no post and no edit there. An event that
        was taken in before changes nothing.

        Returns:
            Whether the conversation changed hands.

        Raises:
            StorageError: It could not be stored: do not acknowledge the event to the platform.
        """
        ...


class CarriesLines(Protocol):
    """Carries customers' lines to the staff who have their case."""

    async def to_staff(self, message: Message) -> bool:
        """Carry a line into the thread of the open case, once; False: no case is open."""
        ...


class KeepsDrafts(Protocol):
    """Keeps drafted replies for the staff of a case."""

    async def keep(self, message: Message, reply: str, sources: Sequence[Source]) -> bool:
        """Put a drafted reply into the thread of the open case, in place of the one before.

        Args:
            message: What it answers.
            reply: The draft, in Markdown.
            sources: What it was made of.

        Returns:
            False where no case is open, or the message has its draft already.
        """
        ...


class CarriesNothing:
    """The `CarriesLines` of an instance without staff."""

    async def to_staff(self, message: Message) -> bool:  # noqa: ARG002 - the port's
        """Return False."""
        return False
