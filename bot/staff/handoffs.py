"""Handoff requests: notifies staff that a customer asks for a person, and returns success."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta

import structlog

from bot.conversations.attachments import (
    attachments_in,
    with_attachments,
    without_attachments,
)
from bot.conversations.key import platform_of
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Message
from bot.ports import Alerts, CanLink, CanNotify, Clock, HandoffRequest, HandoffStatus
from bot.privacy import Pseudonyms
from bot.staff.quoting import without_links
from bot.storage.cases import CaseKind, Cases
from bot.text.markdown import shorten

PATIENCE = 5.0
"""Seconds allowed for posting to a staff channel, while the customer waits."""

REPEATED = timedelta(minutes=10)
"""How long a repeated request in the same place counts as the same one."""

_LONGEST_NAME = 60
_SHOWN = 1_000
_MARKUP = re.compile(r"[^\w .,'’()-]+")

log = structlog.get_logger(__name__)


class StaffHandoffs:
    """The `Handoffs` of an instance with staff.

    Args:
        cases: Open requests, whether or not staff were notified.
        channels: Staff channels by platform: the adapter that posts there and the channel's id.
        alerts: Used on the other platforms when a staff channel cannot be posted to.
        clock: To recognise repeated requests.
        patience: Seconds allowed for one post.
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

    async def request(self, message: Message, request: HandoffRequest) -> HandoffStatus:
        """Open a case and notify the staff of the platform; return whether they were notified.

        Args:
            message: The customer's message.
            request: What the customer wants.
        """
        danger = request.danger
        kind: CaseKind = "safety" if danger else "handoff"
        if await self._cases.was_notified(message, kind, since=self._clock.now() - REPEATED):
            return HandoffStatus(told=True)
        await self._cases.open(message, kind, danger or "asked for a person")
        if not await self._posted(message, _headline(danger, request.owner), request.asked):
            return HandoffStatus(told=False)
        await self._cases.mark_told(message, kind)
        return HandoffStatus(told=True)

    async def _posted(self, message: Message, headline: str, asked: str) -> bool:
        """Post to the staff channel of the platform; False when that did not surely succeed."""
        platform = platform_of(message.id)
        if platform not in self._channels:
            return False
        announcer, channel = self._channels[platform]
        kind = f"handoff on {platform}"
        try:
            async with asyncio.timeout(self._patience):
                await announcer.notify(
                    channel, announcement(message, asked, announcer, headline=headline)
                )
        except (AdapterError, ServiceUnavailable, TimeoutError) as error:
            reason = str(error) or f"no response within {self._patience:g} s"
            log.warning("handoff not posted", platform=platform, reason=reason)
            await self._alerts.alert(
                kind,
                f"customers on {platform} ask for a person, but the bot cannot post to the staff "
                f"channel there: {reason}. They were given the "
                "contact; `frontdesk cases` lists them.",
            )
            return False
        await self._alerts.clear(kind)
        return True


class NoStaff:
    """The `Handoffs` of an instance without staff: nobody is notified."""

    async def request(
        self,
        message: Message,  # noqa: ARG002 - the port's
        request: HandoffRequest,  # noqa: ARG002
    ) -> HandoffStatus:
        """Tell nobody."""
        return HandoffStatus(told=False)


_ASKS = "A customer asks for a person:"


def announcement(message: Message, asked: str, platform: object, *, headline: str = _ASKS) -> str:
    """Return the notification in Markdown: who, where, what; personal data replaced.

    Args:
        message: The message that asked for a person, or the button press that did.
        asked: The question, in the customer's words, with lines that name what was sent along.
        platform: The adapter; one that is `CanLink` adds a link.
        headline: What it is about.
    """
    link = platform.link(message) if isinstance(platform, CanLink) else ""
    place = f"[`{message.conversation}`]({link})" if link else f"`{message.conversation}`"
    hide = Pseudonyms().hide
    text = hide(shorten(" ".join(without_attachments(asked).split()), _SHOWN))
    sent = attachments_in(with_attachments(asked, message.attachments))
    named = hide(shorten(", ".join(each[1:-1] for each in dict.fromkeys(sent)), _SHOWN))
    lines = [
        f"**{headline}** {_who(message)} in {place}",
        *([f"> {text}"] if text else []),
        *([f"Sent along: {without_links(named)}"] if named else []),
        "`frontdesk cases` lists open requests; `--close` closes one.",
    ]
    return "\n\n".join(lines)


def _headline(danger: str, owner: str) -> str:
    """Return what a notification is about."""
    if not danger:
        return _ASKS
    owned = f" This conversation belongs to `{owner}`." if owner else ""
    return f"Safety: a message about {danger.replace('_', ' ')}.{owned} Please look at once:"


def _who(message: Message) -> str:
    """Return the author's name and id on the platform, without markup."""
    name = " ".join(_MARKUP.sub(" ", message.author.name).split())[:_LONGEST_NAME]
    return f"{name} (`{message.author.key}`)" if name else f"`{message.author.key}`"
