"""The staff roster: members and staff channels, by platform."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.config.staff import MembersConfig
from bot.conversations.key import AuthorKey, ConversationKey
from bot.messages import Author, Event, Message, Readers
from bot.ports import Audience, PlatformRules

_ANYTHING = PlatformRules("any")


class Roster:
    """The staff that config names, by platform.

    Args:
        teams: Who they are.
        rules: What articles on each platform may be for; of one that is missing, anything.
        desks: Channels of cases, by platform: staff alone read there.
    """

    def __init__(
        self,
        teams: Mapping[str, MembersConfig],
        rules: Mapping[str, PlatformRules] | None = None,
        desks: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self._teams = teams
        self._rules = rules or {}
        self._desks = desks or {}

    def includes(self, author: Author) -> bool:
        """Return whether a person is listed by id, or has a listed role.

        Platforms may not tell who deleted a message: nobody is listed without an id.
        """
        if not author.key:
            return False
        key = AuthorKey.parse(author.key)
        team = self._teams.get(key.platform)
        if team is None:
            return False
        return key.user_id in team.users or not team.roles.isdisjoint(author.roles)

    def mark(self, event: Event) -> Event:
        """Return the event with what config knows of it.

        Its author is marked as staff or as a customer, its message as readable by staff only where
        that is so.
        """
        message = event.message
        place = ConversationKey.parse(message.conversation)
        among_staff = self._is_desk(place)
        readers = message.readers
        if readers is Readers.OTHERS and among_staff:
            readers = Readers.STAFF
        author = replace(message.author, staff=self.includes(message.author))
        return replace(event, message=replace(message, author=author, readers=readers))

    def audience(self, message: Message) -> Audience:
        """Return who asks, and who can read the answer.

        Staff see internal articles in their own channel and in direct messages; elsewhere customers
        can read along.
        """
        place = ConversationKey.parse(message.conversation)
        platform, channel = place.platform, place.channel
        apart = message.readers is Readers.AUTHOR or self._is_desk(place)
        named = self._rules.get(platform, _ANYTHING).audience
        return Audience(
            platform=platform,
            channel=channel if "channel" in named else "",
            roles=frozenset(message.author.roles if "role" in named else ()),
            internal=apart and not message.unseen and message.author.staff,
        )

    def _is_desk(self, place: ConversationKey) -> bool:
        """Return whether staff alone read in a channel."""
        desks = self._desks.get(place.platform, ())
        return place.channel == self.channel(place.platform) or place.channel in desks

    def channel(self, platform: str) -> str | None:
        """Return the id of a platform's staff channel."""
        team = self._teams.get(platform)
        return team.channel if team else None
