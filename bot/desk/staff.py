"""Who belongs to the staff, and where staff read."""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages import Addressing, Author, Message
from bot.ports import Audience
from bot.settings import TeamConfig


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

    def audience(self, message: Message) -> Audience:
        """Tell as whom somebody asks.

        Staff see internal articles in their own channel and in direct messages: elsewhere
        customers read along.
        """
        platform, _, channel, *_ = [*message.conversation.split(":"), "", ""]
        apart = message.addressing is Addressing.DIRECT or channel == self.channel(platform)
        return Audience(
            platform=platform,
            channel=channel,
            roles=frozenset(message.author.roles),
            internal=apart and self.includes(message.author),
        )

    def channel(self, platform: str) -> str | None:
        """Return the id of the channel where the staff of a platform read."""
        team = self._teams.get(platform)
        return team.channel if team else None
