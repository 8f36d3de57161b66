"""Names of people, in place of their ids: above all of those whom a message mentions."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from weakref import WeakValueDictionary

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import ask
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Addressing, Message

Payload = Mapping[str, Any]

KEPT: Final = 86_400.0
"""Seconds for which a name is remembered."""

MOST_KEPT: Final = 10_000
MOST_ASKED: Final = 10
"""Names that are looked up for one message at most."""

PATIENCE: Final = 1.0
"""Seconds for the names of one message: Slack waits three for the acknowledgement."""

_MENTION = re.compile(r"<@([UW][A-Z0-9]{1,30})>")

_log = structlog.get_logger(__name__)


class Names:
    """Looks names up, and remembers them.

    Args:
        client: Fails where Slack asks to wait.
        bot_user: The bot's own id, which needs no name.
        clock: Seconds that never decrease.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        bot_user: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._bot_user = bot_user
        self._clock = clock
        self._names: dict[str, tuple[float, str]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._refused = False

    async def labelled(self, event: Payload, message: Message) -> Payload:
        """Return an event of Slack's whose mentions name people, as far as names can be had.

        A later message of the conversation waits until the names of an earlier one are there, so
        that both are stored in order. What is not addressed to the bot is left as it is.

        Args:
            event: As Slack sent it.
            message: What it was translated to.
        """
        if message.addressing is Addressing.AMBIENT:
            return event
        lock = self._locks.get(message.conversation)
        if lock is None and not self._unknown(event):
            return self._with_names(event)
        lock = self._locks.setdefault(message.conversation, lock or asyncio.Lock())
        async with lock:
            await self._look_up(self._unknown(event))
        return self._with_names(event)

    async def name_of(self, user: str) -> str:
        """Return the name of a person, by their id; empty when Slack tells none."""
        if not self._refused and not self._is_known(user):
            await self._look_up([user])
        return self._names.get(user, (0.0, ""))[1]

    def _is_known(self, user: str) -> bool:
        """Return whether a name was asked for lately."""
        fresh = self._clock() - KEPT
        return self._names.get(user, (fresh, ""))[0] > fresh

    def _unknown(self, event: Payload) -> list[str]:
        """Return the ids of those who are mentioned and have no name yet."""
        ids = dict.fromkeys(found for text in _texts(event) for found in _MENTION.findall(text))
        unknown = [each for each in ids if each != self._bot_user and not self._is_known(each)]
        return [] if self._refused else unknown[:MOST_ASKED]

    async def _look_up(self, users: list[str]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*map(self._ask, users))
        except TimeoutError:
            _log.info("slack.no_names", reason="slack is slow")

    async def _ask(self, user: str) -> None:
        """Ask for one name; an app without the permission asks only once."""
        try:
            answer = await ask(self._client.users_info(user=user), "users.info")
        except AdapterError as error:
            self._refused = self._refused or "missing_scope" in repr(error.__cause__)
            _log.info("slack.no_names", reason=str(error))
            return
        except ServiceUnavailable as error:
            _log.info("slack.no_names", reason=str(error))
            return
        person = answer.get("user") or {}
        profile = person.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or person.get("name") or ""
        if len(self._names) >= MOST_KEPT:
            del self._names[next(iter(self._names))]
        self._names[user] = self._clock(), re.sub(r"[<>|\n]", " ", str(name)).strip()

    def _with_names(self, event: Payload) -> Payload:
        def labelled(found: re.Match[str]) -> str:
            _, name = self._names.get(found[1], (0.0, ""))
            return f"<@{found[1]}|{name}>" if name else found[0]

        def named(payload: Payload) -> Payload:
            return {**payload, "text": _MENTION.sub(labelled, str(payload.get("text") or ""))}

        attachments = event.get("attachments")
        if not isinstance(attachments, list):
            return named(event)
        forwarded = [named(each) if isinstance(each, Mapping) else each for each in attachments]
        return {**named(event), "attachments": forwarded}


def _texts(event: Payload) -> list[str]:
    """Return what a message says, and what was forwarded with it."""
    parts = [event, *(each for each in event.get("attachments") or () if isinstance(each, Mapping))]
    return [str(part.get("text") or "") for part in parts]
