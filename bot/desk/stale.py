"""The stage for what has waited too long: an apology in place of an answer, and a case for staff.

After a downtime customers have often helped themselves, or asked elsewhere: an answer of yesterday
to a question of yesterday would only surprise them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from bot.messages import Addressing, Kind, Message, Part, Say
from bot.ports import Clock, Languages, Wording
from bot.responder import Inquiry
from bot.storage.cases import Cases

CREDIBLE = timedelta(days=30)
"""Age from which a clock must be wrong, the platform's or ours: no message comes that late."""

_SPOKEN_TO = {Addressing.DIRECT, Addressing.MENTION}


class Stale:
    """Takes messages that are older than a limit when they are handled.

    Args:
        limit: From this age on.
        cases: Where staff find them; also tells which conversations have their apology.
        languages: Tells the language to apologise in.
        wording: Says `stale`.
        clock: Tells the age.
    """

    def __init__(
        self, limit: timedelta, cases: Cases, languages: Languages, wording: Wording, clock: Clock
    ) -> None:
        self._limit = limit
        self._cases = cases
        self._languages = languages
        self._wording = wording
        self._clock = clock

    async def take(self, inquiry: Inquiry) -> AsyncIterator[Part]:
        """Keep an old message for staff; apologise once in a conversation that is with the bot."""
        message = inquiry.message
        age = self._clock.now() - message.sent_at
        if not self._limit <= age < CREDIBLE:
            return
        minutes = age // timedelta(minutes=1)
        await self._cases.open(message, "stale", f"came {minutes} minutes before it was handled")
        inquiry.language = self._languages.detect(inquiry.text, prior=inquiry.language)
        if message.addressing in _SPOKEN_TO and not await self._told(message):
            yield Say(self._wording.say("stale", inquiry.language))
        yield inquiry.decide(Kind.STALE, f"{minutes} minutes old: kept for staff")

    async def _told(self, message: Message) -> bool:
        """Tell whether another message of this conversation has had its apology lately."""
        return await self._cases.opened(message, "stale", since=self._clock.now() - self._limit)
