"""The port of what stands before a message that only points at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.messages import Message


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """What a person wrote before a message.

    Attributes:
        id: The platform's id of it.
        author: Key of the person.
    """

    id: str
    text: str
    author: str


@runtime_checkable
class LooksBack(Protocol):
    """An `Adapter` that can read what stands before a message which only points at it."""

    async def earlier(self, message: Message) -> Sequence[EarlierLine]:
        """Return what people wrote before a message, what it is likeliest about first.

        That is the message that it replies to; else the first message of its thread, then the
        latest ones there; in a channel the latest ones.

        Raises:
            ServiceUnavailable: The platform did not answer; worth another attempt.
            AdapterError: The platform will never tell.
        """
        ...
