"""Who belongs to the staff, and where staff read."""

from __future__ import annotations

from collections.abc import Mapping

from bot.config import TeamConfig
from bot.messages import Author


class Staff:
    """The staff that config names, by platform."""

    def __init__(self, teams: Mapping[str, TeamConfig]) -> None:
        self._teams = teams

    def includes(self, author: Author) -> bool:
        """Tell whether somebody is named by id, or has a role that is."""
        platform, _, user = author.key.partition(":")
        team = self._teams.get(platform)
        if team is None:
            return False
        return user.rpartition(":")[2] in team.users or not team.roles.isdisjoint(author.roles)

    def channel(self, platform: str) -> str | None:
        """Return the id of the channel where the staff of a platform read."""
        team = self._teams.get(platform)
        return team.channel if team else None
