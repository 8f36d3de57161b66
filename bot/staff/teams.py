"""Teams: who works on which cases, where, when, and who comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.config.staff import DEFAULT_TEAM, StaffConfig, TeamConfig, first_team
from bot.conversations.key import platform_of
from bot.staff.hours import Hours
from bot.text.catalogues import closest


@dataclass(frozen=True, slots=True)
class Team:
    """A team.

    Attributes:
        name: As config has it.
        title: What customers read, in the default language.
        channels: Ids of the channels of its cases, by platform, in the order of the file.
        hours: When somebody is there; None: that is not known.
        sends: Each line in a case thread is sent, unless it begins with `//`.
        shows: Whose name customers read.
        next: Name of the team that gets a case that nobody claims; empty: none.
        titles: What customers read, by language; empty: config names none, and the title is made
            of the name.
    """

    name: str
    title: str
    channels: Mapping[str, str] = field(default_factory=dict)
    hours: Hours | None = None
    sends: bool = False
    shows: Literal["team", "agent"] = "team"
    next: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    def title_in(self, language: str) -> str:
        """Return what customers of a language read as its name."""
        return self.titles.get(closest(language, self.titles) or "", self.title)

    @property
    def is_named(self) -> bool:
        """Whether its title says more than that there is a team."""
        return bool(self.titles) or self.name != DEFAULT_TEAM


class Teams:
    """The teams of an instance.

    Args:
        config: Teams and members. Without teams there is one, whose cases stand in the channels of
            the members.
        language: BCP 47 tag of titles that name no language.
    """

    def __init__(self, config: StaffConfig, language: str = "en") -> None:
        channels = {name: each.channel for name, each in config.members.items() if each.channel}
        found = config.teams or {DEFAULT_TEAM: TeamConfig()}
        self._teams = {name: _team(name, each, channels, language) for name, each in found.items()}
        self._first = first_team(config.teams)

    def __iter__(self) -> Iterator[Team]:
        """Iterate over all teams, in the order of the file."""
        return iter(self._teams.values())

    @property
    def default(self) -> Team:
        """The team that gets a case where no other is named."""
        return self._teams[self._first]

    def named(self, name: str) -> Team:
        """Return a team; the default one where there is none of that name any more."""
        return self._teams.get(name, self.default)

    def following(self, team: Team) -> Team | None:
        """Return the team that comes next; None: none does."""
        return self._teams.get(team.next)

    @staticmethod
    def channel(team: Team, platform: str) -> tuple[str, str] | None:
        """Return where cases of a team stand: platform and channel.

        Args:
            team: The team.
            platform: The customer's, which is preferred; a key that begins with it does as well.
        """
        own = platform_of(platform)
        if own in team.channels:
            return own, team.channels[own]
        return next(iter(team.channels.items()), None)

    @property
    def channels(self) -> Mapping[str, frozenset[str]]:
        """The channels of all cases, by platform."""
        platforms = {platform for team in self for platform in team.channels}
        return {
            platform: frozenset(
                team.channels[platform] for team in self if platform in team.channels
            )
            for platform in sorted(platforms)
        }


def _team(name: str, config: TeamConfig, channels: Mapping[str, str], language: str) -> Team:
    given = config.title
    titles = {language: given} if isinstance(given, str) else dict(given or {})
    title = titles.get(language) or next(iter(titles.values()), "")
    unnamed = "Team" if name == DEFAULT_TEAM else name.replace("_", " ").capitalize()
    return Team(
        name,
        title or unnamed,
        dict(config.cases) or dict(channels),
        Hours.of(config.hours) if config.hours else None,
        config.thread == "send",
        config.names,
        config.next or "",
        titles,
    )
