"""Finds where forms go on in private, on the platforms of an instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.conversations.key import AuthorKey, ConversationKey, platform_of
from bot.messages import Addressing, Message, Readers
from bot.open_form import OpenForm
from bot.ownership import Owner
from bot.ports import (
    Adapter,
    ConversationStates,
    KnowsTimeZone,
    OpensDirectMessages,
    PrivateMove,
)


@dataclass(frozen=True, slots=True)
class PrivatePlaces:
    """The `ContinuesInPrivate` of an instance, and what platforms tell of the time of people.

    Attributes:
        direct: Adapters that can open direct messages, by platform.
        zones: Those that tell time zones.
        states: Tells who owns direct messages; None: the bot does.
    """

    direct: Mapping[str, OpensDirectMessages] = field(default_factory=dict)
    zones: Mapping[str, KnowsTimeZone] = field(default_factory=dict)
    states: ConversationStates | None = None

    @classmethod
    def of(cls, adapters: Sequence[Adapter], states: ConversationStates) -> Self:
        """Return the places of some platforms."""
        return cls(
            {each.name: each for each in adapters if isinstance(each, OpensDirectMessages)},
            {each.name: each for each in adapters if isinstance(each, KnowsTimeZone)},
            states,
        )

    async def move(self, form: OpenForm, message: Message) -> PrivateMove:
        """Return where a form goes on: in direct messages, else under the person's own key.

        Nothing arrives under such a key by itself: who has one answers in windows. So does who has
        handed the direct messages to a person: staff would read the answers, and the bot none.
        """
        author, platform = message.author.key, platform_of(message.conversation)
        opener = self.direct.get(platform)
        opened = await opener.direct_messages(author) if opener is not None else ""
        if opened and not await self._is_ours(opened):
            opened = ""
        here = ConversationKey.parse(message.conversation).without_thread()
        place = opened or str(replace(here, channel=AuthorKey.parse(author).user_id))
        there = replace(
            message, conversation=place, readers=Readers.AUTHOR, addressing=Addressing.DIRECT
        )
        moved = replace(form, conversation=place, origin=message.conversation)
        return PrivateMove(moved, there, bool(opened))

    async def _is_ours(self, conversation: str) -> bool:
        """Return whether neither a person has a conversation nor one was asked for."""
        if self.states is None:
            return True
        return (await self.states.state(conversation)).owner not in (Owner.WAITING, Owner.HUMAN)

    async def time_zone(self, person: str) -> str:
        """Return the IANA name of a person's time zone; empty: the platform does not tell."""
        knows = self.zones.get(platform_of(person))
        return await knows.time_zone(person) if knows is not None else ""


@dataclass(frozen=True, slots=True)
class CustomerZones:
    """The `TellsZones` of an instance.

    Attributes:
        platforms: What platforms tell; None: nothing.
        team: The zone of the first team.
    """

    platforms: KnowsTimeZone | None
    team: tzinfo

    async def zone(self, person: str) -> tzinfo:
        """Return the time zone of a person, else the team's."""
        told = await self.platforms.time_zone(person) if self.platforms is not None else ""
        try:
            return ZoneInfo(told) if told else self.team
        except (ZoneInfoNotFoundError, ValueError):
            return self.team
