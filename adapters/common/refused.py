"""Content that a platform refuses: posted once more as plain text, and staff hear of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.errors import AdapterError
from bot.ports import Alerts

P = TypeVar("P")
T = TypeVar("T")

_log = structlog.get_logger(__name__)


class ContentRefused(AdapterError):
    """The platform takes posts there, but not this content: too long, or malformed."""


class Refusals:
    """Posts refused content in another form.

    Args:
        platform: Its title.
    """

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._alerts: Alerts | None = None

    def use(self, alerts: Alerts) -> None:
        """Set who tells staff."""
        self._alerts = alerts

    async def posted(
        self, post: P, plain: Callable[[P], P], send: Callable[[P], Awaitable[T]], about: str = ""
    ) -> T:
        """Post something, and when its content is refused, once more as plain text.

        Args:
            post: What to post.
            plain: Returns it as plain text, within the platform's limits.
            send: Posts.
            about: Id of the message that is answered; empty: staff are told nothing.

        Raises:
            AdapterError: The plain text is refused, too; or what `send` raises otherwise.
        """
        try:
            return await send(post)
        except ContentRefused as error:
            _log.warning("content refused", message=about, reason=str(error))
            sent = await send(plain(post))
            if about and self._alerts is not None:
                await self._alerts.alert(
                    f"refused content {self._platform}",
                    f"{self._platform} refused the form of an answer, which was posted as plain "
                    "text, shortened where it was too long and without buttons. Message: "
                    f"`{about}`. {error}. `frontdesk why` shows where the answer comes from.",
                )
            return sent
