"""Names and places at the desk: what customers read, who people are, where threads stand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection, Row

from bot.conversations.key import platform_of
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Message
from bot.ports import CanLink, KnowsPlaces, Wording
from bot.staff.desk.summary import Customer
from bot.staff.quoting import named
from bot.staff.teams import Team, Teams
from bot.storage.case_threads import language_of

log = structlog.get_logger(__name__)

LIMIT = 2.0
"""Seconds that a platform may take to tell a name."""


@dataclass(frozen=True, slots=True)
class CustomerTexts:
    """What customers read of the desk.

    Attributes:
        teams: Of config.
        wording: The bot's fixed texts.
        language: BCP 47 tag used where a customer's language is unknown.
    """

    teams: Teams
    wording: Wording
    language: str

    def sends_all(self, case: Row[Any]) -> bool:
        """Return whether the team of a case sends every line of its thread."""
        return self.teams.named(case.team).sends

    def shown_as(self, connection: Connection, case: Row[Any], name: str) -> str:
        """Return whose name the customer reads before a line: the team's, or the agent's."""
        team = self.teams.named(case.team)
        if team.shows == "agent" and named(name):
            return named(name)
        return named(team.title_in(self.language_of(connection, case.conversation)))

    def unfetched(self, connection: Connection, conversation: str) -> str:
        """Return what a customer reads of files that could not be passed on, as `{files}`."""
        return self.wording.say("file_not_passed", self.language_of(connection, conversation))

    def language_of(self, connection: Connection, conversation: str) -> str:
        """Return the language of a customer."""
        return language_of(connection, conversation) or self.language


@dataclass(frozen=True, slots=True)
class Places:
    """Channels of teams and names of people, as platforms tell them.

    Attributes:
        adapters: The platforms, by name.
        teams: Of config.
    """

    adapters: Mapping[str, object]
    teams: Teams

    def channel_of(self, team: Team, platform: str) -> str:
        """Return the key of the channel that a team's cases stand in; empty: there is none."""
        found = self.teams.channel(team, platform)
        if found is None:
            return ""
        adapter = self.adapters.get(found[0])
        if not isinstance(adapter, KnowsPlaces):
            return ""
        try:
            return str(adapter.place(found[1]))
        except ServiceUnavailable as error:
            log.warning("no case thread", platform=found[0], reason=str(error))
            return ""

    async def customer(self, message: Message) -> Customer:
        """Return who wrote a message, for staff."""
        author = message.author
        adapter = self.adapters.get(platform_of(message.id))
        link = adapter.link(message) if isinstance(adapter, CanLink) else ""
        return Customer(author.key, author.name or await self.name_of(author.key), link)

    async def name_of(self, person: str) -> str:
        """Return the display name of a person, by their key; empty where nobody tells it soon."""
        adapter = self.adapters.get(platform_of(person))
        if not isinstance(adapter, KnowsPlaces):
            return ""
        try:
            async with asyncio.timeout(LIMIT):
                return await adapter.name_of(person)
        except (AdapterError, ServiceUnavailable, TimeoutError) as error:
            log.info("no name", platform=platform_of(person), reason=str(error))
            return ""
