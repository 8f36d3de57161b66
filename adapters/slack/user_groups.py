"""Which user groups people belong to: Slack tells it of no message."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import ask
from bot.conversations.key import AuthorKey
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Event
from bot.ports import Accept

INTERVAL: Final = 300.0
"""Seconds between two looks at the members of the groups."""

_log = structlog.get_logger(__name__)


class UserGroups:
    """Adds to events which of some groups their authors belong to.

    Until Slack has told who belongs to a group, nobody does; when it stops telling, those who did
    go on belonging to it.

    Args:
        client: Of the Web API; its token needs the scope `usergroups:read`.
        groups: Ids of the groups that config names.
    """

    def __init__(self, client: AsyncWebClient, groups: frozenset[str]) -> None:
        self._client = client
        self._groups = groups
        self._members: Mapping[str, frozenset[str]] = {}

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(INTERVAL)
            await self.look()

    async def look(self) -> None:
        """Ask Slack who belongs to each group."""
        for group in sorted(self._groups):
            try:
                found = await ask(
                    self._client.usergroups_users_list(usergroup=group), "usergroups.users.list"
                )
            except (AdapterError, ServiceUnavailable) as error:
                _log.warning("slack.user_group_unknown", group=group, reason=str(error))
                continue
            members = frozenset(str(each) for each in found.get("users") or ())
            self._members = {**self._members, group: members}

    def marking(self, accept: Accept) -> Accept:
        """Return an `accept` that is told the groups of each author."""
        if not self._groups:
            return accept

        async def marked(event: Event) -> bool:
            author = event.message.author
            user = AuthorKey.parse(author.key).user_id
            roles = tuple(group for group, users in self._members.items() if user in users)
            message = replace(event.message, author=replace(author, roles=roles))
            return await accept(replace(event, message=message))

        return marked
