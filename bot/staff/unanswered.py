"""Questions of channels with `support: true` that the bot was not sure of: once a day for staff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

import structlog

from bot.conversations.key import channel_of
from bot.errors import AdapterError, ServiceUnavailable, StorageError
from bot.messages import Message
from bot.ports import CanNotify, Clock
from bot.privacy.pseudonyms import masked
from bot.staff.quoting import beginning, quoted
from bot.storage.alerts import clear_turn, take_turn
from bot.storage.engine import Database
from bot.storage.unanswered import UnansweredQuestion, UnansweredQuestions

log = structlog.get_logger(__name__)

DAY = timedelta(hours=24)
INTERVAL = 600.0
"""Seconds between two looks whether a day has passed."""

MOST = 25
"""Questions that are shown; of further ones the number is."""

_QUOTED = 300  # characters of each


class UnansweredForStaff:
    """Keeps the questions, and tells staff of them once a day; also a background job.

    Args:
        database: Shared by all processes: one of them tells.
        clock: Tells the day.
        channels: Staff channels by platform: the adapter that posts there and the channel's id.
    """

    name = "unanswered"

    def __init__(
        self, database: Database, clock: Clock, channels: Mapping[str, tuple[CanNotify, str]]
    ) -> None:
        self._database = database
        self._questions = UnansweredQuestions(database)
        self._clock = clock
        self._channels = channels

    async def keep(self, message: Message, language: str) -> None:
        """Store a question for staff, personal data replaced; idempotent."""
        await self._questions.add(message, masked(beginning(message.text)), language)

    async def run(self) -> None:
        """Tell staff once a day, until cancelled."""
        while True:
            await self._clock.sleep(INTERVAL)
            for platform in self._channels:
                try:
                    await self._tell(platform)
                except (StorageError, AdapterError, ServiceUnavailable) as error:
                    log.warning(
                        "unanswered questions not told", platform=platform, reason=str(error)
                    )

    async def _tell(self, platform: str) -> None:
        """Post what is new, if a day has passed since the last time and there is anything."""
        now = self._clock.now()
        count, first = await self._questions.untold(platform, limit=MOST)
        kind = f"unanswered:{platform}"
        turn = partial(take_turn, kind=kind, now=now, again=DAY)
        if not count or not await self._database.write(turn):
            return
        announcer, channel = self._channels[platform]
        try:
            await announcer.notify(channel, _listed(count, first))
        except (AdapterError, ServiceUnavailable):
            await self._database.write(partial(clear_turn, kind=kind))
            raise
        await self._questions.mark_told(platform, up_to=now, at=now)


def _listed(count: int, first: Sequence[UnansweredQuestion]) -> str:
    lines = [f"**Questions that I did not answer, since I was not sure: {count}**"]
    lines += [f"`{channel_of(each.conversation)}`\n{quoted(each.text[:_QUOTED])}" for each in first]
    if count > len(first):
        lines.append(f"... and {count - len(first)} more.")
    return "\n\n".join(lines)
