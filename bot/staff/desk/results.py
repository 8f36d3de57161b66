"""What goes into the desk, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sentiment import Sentiment
from bot.staff.teams import Team


@dataclass(frozen=True, slots=True)
class Opening:
    """Why a case is opened, and what staff should know at once.

    Attributes:
        trigger: What led to it: asked, intent, safety, unsure_twice, action_error, ungrounded,
            frustration or keyword.
        team: That is asked.
        note: The reason in words; of a danger, its kind.
        asked: What the customer wants, in their own words; empty: what the message says.
        language: BCP 47 tag of the customer's language; empty: unknown.
        sentiment: How they feel; None: not read.
        reasons: Of the decision that hands over, which is not stored yet.
        slots: What they told so far, by name.
    """

    trigger: str
    team: Team
    note: str = ""
    asked: str = ""
    language: str = ""
    sentiment: Sentiment | None = None
    reasons: tuple[str, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """The open case of a conversation.

    Attributes:
        number: Of the case.
        new: The message in question opened it; again true when that is done twice.
        team: Name of the team that is asked.
    """

    number: int
    new: bool
    team: str
