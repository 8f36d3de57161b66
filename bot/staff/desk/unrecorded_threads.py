"""Which case a thread is of, also in the moment before it is recorded which thread was opened.

A thread stands on its platform a little earlier than its id is stored; when a worker dies in
between, by seconds. What staff write there meanwhile belongs to the case all the same.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from bot.conversations.key import ConversationKey
from bot.ports import Clock
from bot.storage.case_threads import is_being_opened
from bot.storage.cases import case_of_thread
from bot.storage.engine import Database

PATIENCE: Final = 2.0
"""Seconds to wait at most: platforms want their acknowledgement after three."""

_LOOK: Final = 0.05


async def case_of(database: Database, clock: Clock, conversation: str) -> int | None:
    """Return the case that a conversation is the inside thread of; None: of none."""
    channel = str(ConversationKey.parse(conversation).without_thread())
    deadline = clock.monotonic() + PATIENCE
    find = partial(case_of_thread, conversation=conversation)
    while (case := await database.query(find)) is None:
        if conversation == channel or clock.monotonic() >= deadline:
            return None
        if not await database.query(partial(is_being_opened, channel=channel)):
            return await database.query(find)  # it may have been recorded between the two looks
        await clock.sleep(_LOOK)
    return case
