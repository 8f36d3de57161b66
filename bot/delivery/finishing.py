"""Stores the outcome of an event; a person who took the conversation over keeps it."""

from __future__ import annotations

from dataclasses import replace

from bot.delivery.failures import retry_forever
from bot.errors import StateChanged
from bot.ports import Claim, Clock, EventOutcome, Inbox


async def finish(inbox: Inbox, claim: Claim, outcome: EventOutcome, clock: Clock) -> None:
    """Store an outcome, again and again while the database is away.

    What the event would make of the conversation and its form is dropped when somebody changed
    them meanwhile, and with it what a form would say elsewhere.
    """
    try:
        await retry_forever(lambda: inbox.finish(claim, outcome), clock)
    except StateChanged:
        outgoing = outcome.outgoing if outcome.form is None else ()
        kept = replace(outcome, state=None, form=None, outgoing=outgoing)
        await retry_forever(lambda: inbox.finish(claim, kept), clock)
