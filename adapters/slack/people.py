"""What Slack tells of a person, and the direct messages with them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import ask
from adapters.slack.destination import PLATFORM
from adapters.slack.errors import code_of
from bot.conversations.key import AuthorKey
from bot.errors import AdapterError, ServiceUnavailable

KEPT: Final = 86_400.0
"""Seconds for which a time zone is remembered."""

MOST_KEPT: Final = 10_000

_TOLD_WITHIN: Final = 1.0
"""Seconds to find out whose direct messages a command came from: Slack waits for 3."""

_log = structlog.get_logger(__name__)


class People:
    """Asks Slack about people, by their keys.

    Args:
        client: Of the Web API; fails where Slack asks to wait.
        team: Our workspace.
        clock: Seconds that never decrease.
    """

    def __init__(
        self, client: AsyncWebClient, team: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._team = team
        self._clock = clock
        self._zones: dict[str, tuple[float, str]] = {}
        self._direct: dict[str, str] = {}

    async def direct_messages(self, person: str) -> str:
        """Return the id of the direct messages with a person; empty: Slack opens none.

        Only what Slack says to be between us and this person alone is one.

        Raises:
            ServiceUnavailable: Slack is away.
        """
        user = AuthorKey.parse(person).user_id
        if user in self._direct:
            return self._direct[user]
        opening = self._client.conversations_open(users=user, return_im=True)
        try:
            answer = await ask(opening, "conversations.open")
        except AdapterError as error:
            _log.warning("slack.no_direct_messages", code=code_of(error))
            return ""
        opened: Mapping[str, Any] = answer.get("channel") or {}
        if opened.get("is_im") is not True or opened.get("user") != user:
            _log.warning("slack.no_direct_messages", code="not_between_two")
            return ""
        channel = str(opened.get("id") or "")
        if len(self._direct) >= MOST_KEPT:
            del self._direct[next(iter(self._direct))]
        self._direct[user] = channel
        return channel

    async def is_direct(self, channel: str, user: str) -> bool:
        """Return whether a channel is the direct messages between us and a person.

        Slack gives those between two people the same name in commands, and we cannot read there.
        """
        person = str(AuthorKey(PLATFORM, self._team, user))
        try:
            async with asyncio.timeout(_TOLD_WITHIN):
                return bool(channel) and await self.direct_messages(person) == channel
        except (ServiceUnavailable, TimeoutError) as error:
            _log.info("slack.direct_messages_unknown", error=type(error).__name__)
            return False

    async def verified_email(self, person: str) -> str:
        """Return the address of a person that Slack has confirmed; empty: it tells none.

        Of people of other workspaces none counts: their admins may set any address.

        Raises:
            ServiceUnavailable: Slack is away.
        """
        key = AuthorKey.parse(person)
        if key.workspace != self._team:
            return ""
        try:
            user = await self._info(key.user_id)
        except AdapterError as error:
            _log.warning("slack.no_email", code=code_of(error))
            return ""
        confirmed = user.get("is_email_confirmed") is True and not user.get("deleted")
        ours = user.get("team_id") == self._team and not user.get("is_stranger")
        email = str((user.get("profile") or {}).get("email") or "")
        if confirmed and ours and not email:
            _log.warning("slack.scope_missing", scope="users:read.email")
        return email if confirmed and ours else ""

    async def time_zone(self, person: str) -> str:
        """Return the name of a person's time zone; empty: Slack does not tell it now."""
        user = AuthorKey.parse(person).user_id
        known = self._zones.get(user)
        if known is not None and known[0] > self._clock() - KEPT:
            return known[1]
        try:
            zone = str((await self._info(user)).get("tz") or "")
        except (AdapterError, ServiceUnavailable) as error:
            _log.info("slack.no_time_zone", reason=str(error))
            return ""
        if len(self._zones) >= MOST_KEPT:
            del self._zones[next(iter(self._zones))]
        self._zones[user] = self._clock(), zone
        return zone

    async def _info(self, user: str) -> Mapping[str, Any]:
        answer = await ask(self._client.users_info(user=user), "users.info")
        found: Mapping[str, Any] = answer.get("user") or {}
        return found
