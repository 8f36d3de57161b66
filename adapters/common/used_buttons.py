"""Marking a row of buttons as used: done by an adapter on the way, never part of what it posts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import MarkUsed, Part, Pressed
from bot.ports import Posting

_log = structlog.get_logger(__name__)

Mark = Callable[[Pressed], Awaitable[None]]
"""Marks the buttons of the post whose button was pressed; doing so again changes nothing."""


async def marking(posting: Posting, parts: AsyncIterator[Part], mark: Mark) -> AsyncIterator[Part]:
    """Yield the parts of a reply, and mark the buttons whose press it answers.

    A row that cannot be marked keeps no answer back.

    Raises:
        StateChanged: Somebody has taken the conversation over.
    """
    async for part in parts:
        if not isinstance(part, MarkUsed):
            yield part
        elif isinstance(posting.event, Pressed):
            await posting.reserve()
            try:
                await mark(posting.event)
            except (AdapterError, ServiceUnavailable) as error:
                message = posting.event.message.id
                _log.info("buttons_not_marked", message=message, reason=str(error))
