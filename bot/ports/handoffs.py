"""Port of handoffs: a person is asked for, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from bot.messages import Message
from bot.ownership import ConversationState
from bot.sentiment import Sentiment

Trigger = Literal[
    "asked",
    "intent",
    "safety",
    "unsure_twice",
    "action_error",
    "ungrounded",
    "frustration",
    "keyword",
]
"""What calls a person: `staff.triggers` in config says which do."""


@dataclass(frozen=True, slots=True)
class HandoffRequest:
    """Why a person is asked for, and what they should know at once.

    Attributes:
        asked: What the customer wants, in their own words, with a line for each file that was sent
            before.
        trigger: What led to it.
        danger: The message is about a danger, of this kind; empty for none.
        owner: Key of the member of staff who owns the conversation; empty for nobody.
        team: Name of the team that is asked; empty: the default one.
        language: BCP 47 tag of the customer's language; empty: not known.
        sentiment: How the customer feels; None: not read.
        reasons: Why, in words, as far as known.
    """

    asked: str
    trigger: Trigger = "asked"
    danger: str = ""
    owner: str = ""
    team: str = ""
    language: str = ""
    sentiment: Sentiment | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoffStatus:
    """What has come of a request for a person.

    Attributes:
        told: Staff have been told; else the customer gets the contact, and no promise.
        team: Name of the team that was told; empty: none.
        opens_at: When somebody of the team is there; past or present: now; None: not known.
        case: Number of the case; 0: there is none.
        new: This message opened the case; again so when that is done twice.
        said: What is true of it, for the customer to read: who knows and when somebody is there, or
            how to reach a person; empty: nobody was asked, and nothing is known.
        closed: When somebody is there, to stand after words of an admin; empty: now, or not known.
        state: What the conversation becomes with it, made from the stored state; None: as it is.
    """

    told: bool
    team: str = ""
    opens_at: datetime | None = None
    case: int = 0
    new: bool = False
    said: str = ""
    closed: str = ""
    state: ConversationState | None = None


class Handoffs(Protocol):
    """Requests that staff take over a conversation."""

    async def request(self, message: Message, request: HandoffRequest) -> HandoffStatus:
        """Open a case and notify staff, within seconds; return what has come of it.

        Args:
            message: The message that leads to it.
            request: Why, and what staff should know.
        """
        ...
