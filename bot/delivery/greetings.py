"""A mere greeting waits for a moment: the question that follows it is answered together with it."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.errors import Superseded
from bot.messages import Received
from bot.ports import Claim, Inbox
from bot.text.greeting import is_greeting


def wait_of(claim: Claim, longest: float, now: datetime) -> float:
    """Return how many seconds a claim waits for a further line; 0.0 or less: it does not.

    Args:
        claim: Of an event.
        longest: Seconds that a greeting waits, from when it was sent.
        now: The time.
    """
    message = claim.event.message
    if claim.attempt > 1 or claim.covers or claim.withdrawn or message.unseen:
        return 0.0
    if not isinstance(claim.event, Received) or not is_greeting(message.text):
        return 0.0
    return longest - max((now - message.sent_at).total_seconds(), 0.0)


async def passed_unchanged(inbox: Inbox, claim: Claim, seconds: float) -> None:
    """Wait for some seconds.

    Raises:
        Superseded: What is to be answered has changed meanwhile.
    """
    try:
        async with asyncio.timeout(seconds):
            await inbox.superseded(claim)
    except TimeoutError:
        return
    raise Superseded(f"{claim.id} goes on with a further line")
