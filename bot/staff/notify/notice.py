"""What staff are told outside the platforms, and what can tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import ServiceUnavailable


class Undelivered(ServiceUnavailable):
    """A webhook or a mail server did not take a notice; another attempt follows."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A case that nobody claims.

    Attributes:
        id: The same in every attempt: by it a receiver knows a notice that comes again.
        case: Number of the case.
        team: Title of the team that was asked last.
        trigger: What led to the case.
        opened_at: When it was opened.
        platform: Name of the customer's platform.
        text: What the customer asked; empty unless config includes it.
    """

    id: str
    case: int
    team: str
    trigger: str
    opened_at: datetime
    platform: str
    text: str = ""


class Notifies(Protocol):
    """A way to tell staff."""

    async def notify(self, notice: Notice) -> None:
        """Tell staff.

        Raises:
            Undelivered: It was not taken.
        """
        ...
