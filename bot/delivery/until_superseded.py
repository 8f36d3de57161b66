"""Drops an answer that is being made once nobody waits for it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.delivery.posting import PostingAttempt
from bot.errors import Superseded
from bot.ports import Claim, EventOutcome, Inbox


async def until_superseded(
    inbox: Inbox,
    claim: Claim,
    posting: PostingAttempt,
    answering: Coroutine[Any, Any, EventOutcome],
) -> EventOutcome:
    """Return the outcome of an answer, unless its question changes before anything is posted.

    From the first post on it goes on to its end: the inbox refuses further posts by itself.

    Raises:
        Superseded: The question has changed; the answer was dropped.
    """
    work = asyncio.ensure_future(answering)
    watch = asyncio.ensure_future(inbox.superseded(claim))
    try:
        await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done() and not posting.begun:
            raise Superseded(f"{claim.id} has changed since it was claimed")
        return await work
    finally:
        work.cancel()
        watch.cancel()
        await asyncio.wait({work, watch})
