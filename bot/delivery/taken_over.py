"""Ends a reply whose conversation got another owner while it was posted."""

from __future__ import annotations

import structlog

from bot.delivery.failures import retry_forever
from bot.delivery.posting import PostingAttempt, ReplyRecorder
from bot.errors import Superseded
from bot.messages import Received
from bot.ports import Claim, Clock, EventOutcome
from bot.ports.takeovers import CarriesLines

log = structlog.get_logger(__name__)


async def end_taken_over(
    claim: Claim,
    posting: PostingAttempt,
    reply: ReplyRecorder,
    lines: CarriesLines,
    clock: Clock,
) -> EventOutcome:
    """Return what has come of a reply that is posted no further; what is shown of it stays.

    Args:
        claim: The event that it answers.
        posting: Of the reply.
        reply: What was to be said.
        lines: Carries to staff what the bot does not answer to its end.
        clock: For pauses while the database is away.

    Raises:
        Superseded: Nothing is shown: the event is handled as the conversation is now.
    """
    log.info("the conversation has another owner")
    if not claim.begun and not posting.posted:
        raise Superseded(f"{claim.id} is handled again: its conversation has changed")
    message = posting.event.message
    if isinstance(posting.event, Received) and not message.apart:
        await retry_forever(lambda: lines.to_staff(message), clock)
    return await reply.taken_over()
