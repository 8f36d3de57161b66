"""An event in a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.conversations.key import MessageId
from bot.messages import Message


@dataclass(frozen=True, slots=True)
class FormTurn:
    """An event in a form.

    Attributes:
        message: Who writes, and where.
        now: In the customer's time zone or else the team's.
        earlier: What the customer wrote before in this conversation, the latest first.
        moved: It was written where others read, and the form goes on in private.
    """

    message: Message
    now: datetime
    earlier: Sequence[str] = ()
    moved: bool = False

    @property
    def platform(self) -> str:
        """The platform that the event came from."""
        return MessageId.parse(self.message.id).platform
