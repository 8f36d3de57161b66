"""What goes into the desk, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from bot.sentiment import Sentiment


class DeskTeam(Protocol):
    """What the desk knows of a team."""

    @property
    def name(self) -> str:
        """As config names it."""
        ...

    @property
    def title(self) -> str:
        """What customers read before its lines."""
        ...

    @property
    def sends(self) -> bool:
        """Whether every line of staff in a case thread goes to the customer."""
        ...

    @property
    def shows(self) -> Literal["team", "agent"]:
        """Whose name customers read."""
        ...


class DeskTeams(Protocol):
    """The teams of config."""

    def named(self, name: str) -> DeskTeam:
        """Return a team by its name; of one that is no longer there, the default team."""
        ...

    def channel(self, team: DeskTeam, platform: str) -> tuple[str, str] | None:
        """Return platform and channel where the cases of a team stand; None: it has no channel.

        Args:
            team: The team.
            platform: Of the customer: its own channel comes first.
        """
        ...


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
    team: DeskTeam
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


class Outcome(StrEnum):
    """What has come of an act."""

    DONE = "done"
    AGAIN = "again"
    """It was done before: by the same event, or nothing would change."""
    TAKEN = "taken"
    """Somebody else has the case, or sent the line again first."""
    CLOSED = "closed"
    """The case is closed, and so nothing is done."""
    OTHER_OPEN = "other_open"
    """The conversation has another open case."""
    UNKNOWN = "unknown"
    """There is no such case, line, post or person."""
    REFUSED = "refused"
    """Whoever acts is not of the staff."""
    EMPTY = "empty"
    """There is nothing to send."""


@dataclass(frozen=True, slots=True)
class ActResult:
    """What has come of an act.

    Attributes:
        case: Number of the case; 0: none was found.
        assignee: Key of the member of staff who has it now; empty: nobody.
        post: Number of the post to the customer in the outbox; 0: there is none.
        other: Number of the other open case of the conversation; 0: there is none.
        detail: What is missing, in words; empty where the outcome says it all.
    """

    outcome: Outcome
    case: int = 0
    assignee: str = ""
    post: int = 0
    other: int = 0
    detail: str = ""

    @property
    def done(self) -> bool:
        """Whether it is as whoever acted wanted it."""
        return self.outcome in (Outcome.DONE, Outcome.AGAIN)
