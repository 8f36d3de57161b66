"""Too many messages of one person: asked to slow down once, then listened to in silence.

Nothing is refused and nothing is lost: what is not answered stands in the transcript.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from enum import Enum

from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter, SlidingWindowCounterRateLimiter

from bot.messages import Addressing, DecisionKind, Message, Part, Say
from bot.ports import Clock, Languages, Wording
from bot.responder import Turn
from bot.staff.pauses import Pauses
from bot.storage.cases import Cases

REMEMBERED = 10_000
"""Messages whose verdict is kept, so that a later attempt at one is judged like the first."""


class _RateDecision(Enum):
    WELCOME = "within the limit"
    TOLD = "too many messages: asked to slow down"
    SILENT = "too many messages: has been asked to slow down"


class RateLimitGate:
    """The first stage: takes the messages of people who write faster than the limit.

    Each process counts for itself. A message that has waited longer than the limit's window (the
    desk was down, or is overloaded) is not counted: the rush is the desk's, not the customer's.

    Args:
        limit: Messages of one person, as in `20/minute`.
        wording: Says `too_fast`.
        clock: Tells how long a message has waited.
    """

    def __init__(self, limit: str, wording: Wording, clock: Clock) -> None:
        self._limit = parse(limit)
        self._reminder = _once_per_window(self._limit)
        self._wording = wording
        self._clock = clock
        counts = MemoryStorage()
        self._pace = SlidingWindowCounterRateLimiter(counts)
        self._reminders = FixedWindowRateLimiter(counts)
        self._verdicts: OrderedDict[str, _RateDecision] = OrderedDict()

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Pass on what is within the limit; of the rest, answer the first in a window."""
        verdict = await self._verdict(turn.message)
        if verdict is _RateDecision.WELCOME:
            return
        if verdict is _RateDecision.TOLD:
            yield Say(self._wording.say("too_fast", turn.language))
        yield turn.decide(DecisionKind.LIMITED, verdict.value)

    async def _verdict(self, message: Message) -> _RateDecision:
        """Judge a message, once."""
        known = self._verdicts.get(message.id)
        if known is None:
            known = self._verdicts[message.id] = await self._judge(message)
            while len(self._verdicts) > REMEMBERED:
                self._verdicts.popitem(last=False)
        return known

    async def _judge(self, message: Message) -> _RateDecision:
        waited = (self._clock.now() - message.sent_at).total_seconds()
        person = message.author.key
        if waited > self._limit.get_expiry() or await self._pace.hit(self._limit, person):
            return _RateDecision.WELCOME
        if await self._reminders.hit(self._reminder, person):
            return _RateDecision.TOLD
        return _RateDecision.SILENT


def _once_per_window(limit: RateLimitItem) -> RateLimitItem:
    """Return the limit of reminders: one in the same window."""
    return type(limit)(1, limit.multiples, namespace="reminder")


class PausedGate:
    """Takes every message while its channel is paused; stands before all that answers."""

    def __init__(self, pauses: Pauses, cases: Cases) -> None:
        self._pauses = pauses
        self._cases = cases

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Keep the message for staff, in silence."""
        if not await self._pauses.hold(turn.message.conversation):
            return
        await self._cases.open(turn.message, "paused")
        yield turn.decide(DecisionKind.SILENT, "the desk is paused here: kept for staff")


CREDIBLE = timedelta(days=30)
"""Age from which a clock must be wrong, the platform's or ours: no message comes that late."""

_SPOKEN_TO = {Addressing.DIRECT, Addressing.MENTION, Addressing.EPHEMERAL}


class StaleGate:
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

    async def handle(self, turn: Turn) -> AsyncIterator[Part | Turn]:
        """Keep an old message for staff; apologise once in a conversation that is with the bot."""
        message = turn.message
        age = self._clock.now() - message.sent_at
        if not self._limit <= age < CREDIBLE:
            return
        minutes = age // timedelta(minutes=1)
        await self._cases.open(message, "stale", f"came {minutes} minutes before it was handled")
        language = self._languages.detect(turn.text, prior=turn.language)
        turn = replace(turn, language=language)
        yield turn
        if message.addressing in _SPOKEN_TO and not await self._notified(message):
            yield Say(self._wording.say("stale", turn.language))
        yield turn.decide(DecisionKind.STALE, f"{minutes} minutes old: kept for staff")

    async def _notified(self, message: Message) -> bool:
        """Tell whether another message of this conversation has had its apology lately."""
        return await self._cases.opened(message, "stale", since=self._clock.now() - self._limit)
