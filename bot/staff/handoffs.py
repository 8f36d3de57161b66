"""Telling staff that a customer asks for a person, and knowing whether they were told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.conversations.key import platform_of
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Message
from bot.ports import Alerts, CanNotify, Clock, Linking
from bot.privacy import Pseudonyms
from bot.storage.cases import Cases
from bot.text.markdown import shorten

PATIENCE = 5.0
"""Seconds that a staff channel may take: the customer waits for what comes of it."""

REPEATED = timedelta(minutes=10)
"""How long somebody who asks again in the same place is the same request."""

_LONGEST_NAME = 60
_SHOWN = 1_000
_MARKUP = re.compile(r"[^\w .,'’()-]+")

log = structlog.get_logger(__name__)


class StaffHandoffs:
    """The `Handoffs` of a service that has staff.

    Args:
        cases: Where staff find who waits, told or not.
        channels: Where staff read: the channel's id, and who can post there, by platform.
        alerts: Told on the other platforms when a staff channel cannot be written to.
        clock: For what was asked a moment ago.
        patience: Seconds for one post.
    """

    def __init__(
        self,
        cases: Cases,
        channels: Mapping[str, tuple[CanNotify, str]],
        alerts: Alerts,
        clock: Clock,
        *,
        patience: float = PATIENCE,
    ) -> None:
        self._cases = cases
        self._channels = channels
        self._alerts = alerts
        self._clock = clock
        self._patience = patience

    async def request(self, message: Message, asked: str) -> bool:
        """Open a case and tell the staff of the platform; return whether they know.

        Args:
            message: Who asks, and where.
            asked: What they want, in their own words.
        """
        if await self._cases.told(message, "handoff", since=self._clock.now() - REPEATED):
            return True
        await self._cases.open(message, "handoff", "asked for a person")
        if not await self._posted(message, asked):
            return False
        await self._cases.mark_told(message, "handoff")
        return True

    async def _posted(self, message: Message, asked: str) -> bool:
        """Post to the staff channel of the platform; False when that did not surely succeed."""
        platform = platform_of(message.id)
        if platform not in self._channels:
            return False
        announcer, channel = self._channels[platform]
        kind = f"handoff on {platform}"
        try:
            async with asyncio.timeout(self._patience):
                await announcer.notify(channel, announcement(message, asked, announcer))
        except (AdapterError, ServiceUnavailable, TimeoutError) as error:
            reason = str(error) or f"no answer within {self._patience:g} s"
            log.warning("handoff not posted", platform=platform, reason=reason)
            await self._alerts.tell(
                kind,
                f"customers on {platform} ask for a person, and the staff channel there cannot be "
                f"written to: {reason}. They were given the contact; `frontdesk cases` lists them.",
            )
            return False
        await self._alerts.clear(kind)
        return True


class NoStaff:
    """The `Handoffs` of a service without staff: nobody is told."""

    async def request(self, message: Message, asked: str) -> bool:  # noqa: ARG002 - the port's
        """Return that nobody knows."""
        return False


def announcement(message: Message, asked: str, platform: object) -> str:
    """Return what staff read, in Markdown: who, where, what; personal data replaced.

    Args:
        message: What asked for a person, or the press of a button that did.
        asked: The question, in the customer's words.
        platform: The adapter; one that is `Linking` says where to click.
    """
    link = platform.link(message) if isinstance(platform, Linking) else ""
    place = f"[`{message.conversation}`]({link})" if link else f"`{message.conversation}`"
    text = Pseudonyms().hide(shorten(" ".join(asked.split()), _SHOWN))
    lines = [
        f"**A customer asks for a person:** {_who(message)} in {place}",
        *([f"> {text}"] if text else []),
        "`frontdesk cases` lists who waits; `--close` closes a case.",
    ]
    return "\n\n".join(lines)


def _who(message: Message) -> str:
    """Return the platform's name and id of the author, without markup."""
    name = " ".join(_MARKUP.sub(" ", message.author.name).split())[:_LONGEST_NAME]
    return f"{name} (`{message.author.key}`)" if name else f"`{message.author.key}`"
