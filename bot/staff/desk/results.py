"""What goes into the desk, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
        """What customers read before its lines, in the default language."""
        ...

    def title_in(self, language: str) -> str:
        """Return what customers of a language read before its lines."""
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
