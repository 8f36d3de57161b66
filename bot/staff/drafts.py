"""Drafted replies for the staff of a case, posted in its thread with their sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from bot.messages import Message, Source
from bot.ports import Clock
from bot.staff.quoting import without_links
from bot.storage.drafts import keep_draft
from bot.storage.engine import Database

DRAFT = "**Draft**, not sent:"


class CaseDrafts:
    """The `KeepsDrafts` of a database.

    Args:
        database: Open.
        clock: The time.
        wake: Called once a draft is in the outbox.
    """

    def __init__(self, database: Database, clock: Clock, wake: Callable[[], None]) -> None:
        self._database = database
        self._clock = clock
        self._wake = wake

    async def keep(self, message: Message, reply: str, sources: Sequence[Source]) -> bool:
        """Put a drafted reply into the thread of the open case, in place of the one before."""
        keep = partial(
            keep_draft, message=message, markdown=shown(reply, sources), at=self._clock.now()
        )
        return await self._database.write(keep, committed=lambda _: self._wake())


def shown(reply: str, sources: Sequence[Source]) -> str:
    r"""Return what staff read: the draft as a quotation, and what it was made of.

    >>> shown("It left.\n\nBye.", [Source("Delivery times")])
    '**Draft**, not sent:\n\n> It left.\n>\n> Bye.\n\nSources: Delivery times'
    """
    quoted = "\n".join(f"> {line}".rstrip() for line in reply.strip().split("\n"))
    parts = [DRAFT, quoted]
    if sources:
        titles = dict.fromkeys(without_links(each.title) for each in sources)
        parts.append(f"Sources: {', '.join(titles)}")
    return "\n\n".join(parts)
