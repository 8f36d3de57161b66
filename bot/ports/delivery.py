"""Ports of delivery: inbox, responder, metrics, alerts, handoffs and the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.messages import Decision, Event, Message, Part
from bot.open_form import FormChange
from bot.ownership import ConversationState
from bot.ports.amendments import StandingAnswer, StoredChange
from bot.ports.outbox import Backlog, OutgoingPost


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to handle one event, until it is finished or released.

    Attributes:
        event: What to handle.
        attempt: 1 the first time; above 1, an earlier attempt may have posted something.
        posted: Platform ids of the messages that earlier attempts remembered posting.
        token: Names this claim; a claim that was taken over can finish nothing.
        interrupted: Latest attempts in a row that never ended: the worker died or stalled.
        interrupted_alone: Those of them in which the worker had nothing else in hand.
        failures: Earlier attempts that ended in an error; those that were interrupted or given
            back are none.
        version: Of the conversation's state when the event was claimed.
        begun: An earlier attempt has reserved a post: something of it may stand.
        lane: What it waited for its turn with: its conversation, or a key of its own for a timer.
        row: Id that the inbox has it under, where that is not the event's own: an edit is claimed
            as the message that it leads to.
        rows: How many stored events it stands for: quick lines are claimed together.
        covers: The messages that one answer covers, the oldest first; empty: the event's alone.
        withdrawn: It was deleted: nothing is posted, and what stands is taken back.
        standing: For an edit or a deletion: what is stored of the message; None: nothing.
    """

    event: Event
    attempt: int
    posted: tuple[str, ...]
    token: str
    interrupted: int = 0
    interrupted_alone: int = 0
    failures: int = 0
    version: int = 0
    begun: bool = False
    lane: str = ""
    row: str = ""
    rows: int = 1
    covers: tuple[Message, ...] = ()
    withdrawn: bool = False
    standing: StandingAnswer | None = None

    @property
    def id(self) -> str:
        """Id that the inbox has it under."""
        return self.row or self.event.message.id


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """The outcome of an event, stored in the transaction that finishes it.

    Attributes:
        reply: Markdown of the whole reply; empty for silence.
        private: Part of it was visible only to the person who was answered.
        state: What the conversation becomes, made from the stored state; None: as it is. Finishing
            raises `StateChanged` when another change came first, and writes nothing then.
        form: What becomes of the customer's form; None: it stays as it is. Finishing raises
            `StateChanged` as for `state`.
        outgoing: Posts to other places that come from it.
        posted: The platform's ids of what the reply stands in.
        covers: The messages that it answers, the oldest first; empty: the event's alone.
    """

    decision: Decision
    reply: str
    private: bool = False
    state: ConversationState | None = None
    outgoing: tuple[OutgoingPost, ...] = ()
    posted: tuple[str, ...] = ()
    covers: tuple[Message, ...] = ()
    form: FormChange | None = None


class Inbox(Protocol):
    """Accepts every event once; returns each conversation's events in order.

    Events that a dead or stalled worker was handling come first, one at a time: the process gets
    no other event meanwhile, for a limited time that grows with each interruption.

    Quick lines of one person are claimed together, as one message. Whoever changes what a claim
    answers, by a further line, an edit or a deletion, supersedes it: it is released, and claimed
    again as it is then.

    A call with a claim that another worker has taken over raises `ClaimLost` and changes
    nothing. Any call raises `StorageError` while the database is unavailable.
    """

    async def accept(self, event: Event) -> bool:
        """Store an event durably; False for a duplicate message id."""
        ...

    async def claim(self) -> Claim:
        """Wait for the oldest event of a conversation that no worker is handling."""
        ...

    async def checkpoint(self, claim: Claim, posted: Sequence[str]) -> None:
        """Store what was posted for a claim, in case it is interrupted."""
        ...

    async def reserve(self, claim: Claim) -> None:
        """Store that a post is being made for a claim; called before every post and edit.

        Raises:
            StateChanged: The conversation has another version than when the event was claimed:
                somebody has taken over, and nothing more may be posted.
            Superseded: What the claim answers has changed: release it.
        """
        ...

    async def superseded(self, claim: Claim) -> None:
        """Return once a claim is known to be superseded; never, unless it is."""
        ...

    async def finish(self, claim: Claim, outcome: EventOutcome) -> None:
        """Write transcript and decision and remove the event, in one transaction.

        Raises:
            Superseded: What the claim answers has changed: release it.
        """
        ...

    async def amend(self, claim: Claim, change: StoredChange) -> None:
        """Apply a change to what is stored and remove the event, in one transaction."""
        ...

    async def release(self, claim: Claim) -> None:
        """Release an unfinished event, to be claimed again at once."""
        ...

    async def retry(self, claim: Claim, reason: str, delay: float, *, ended: bool = True) -> None:
        """Release an event, to be claimed again later; its conversation waits for it.

        Args:
            claim: The claim that failed.
            reason: Why it failed, for operators.
            delay: Seconds to wait.
            ended: The attempt ran to its end, so the event did not cause earlier interruptions.
        """
        ...

    async def dead_letter(self, claim: Claim, reason: str) -> None:
        """Move an event to the dead letters, for staff, and continue with its conversation."""
        ...

    async def schedule(self, event: Event, at: datetime) -> None:
        """Accept an event at a later time; it blocks nothing until then.

        A pending one with the same id is rescheduled. Each id is delivered once.
        """
        ...

    async def cancel(self, event_id: str) -> bool:
        """Cancel a scheduled event; False when it was already delivered or never scheduled."""
        ...

    async def backlog(self) -> Backlog:
        """Return how many events are not yet answered, and the age of the oldest."""
        ...


class Listens(Protocol):
    """What config says about where and to whom the bot speaks."""

    def is_support(self, conversation: str) -> bool:
        """Return whether questions are answered there that nobody put to the bot."""
        ...

    def admits(self, message: Message) -> bool:
        """Return whether the bot may answer this person in this place."""
        ...


class Responding(Protocol):
    """Decides how an event is answered."""

    def respond(self, event: Event) -> AsyncIterator[Part]:
        """Yield the parts of the reply; the last one is always `Done`."""
        ...


class Meter(Protocol):
    """Counts what happens, for metrics; must not raise."""

    def accepted(self, event: Event, *, fresh: bool) -> None:
        """Count an incoming event; `fresh` is false for a duplicate."""
        ...

    def answered(self, decision: Decision, seconds: float) -> None:
        """Count an event that was finished, `seconds` after it was claimed."""
        ...

    def retried(self, event: Event, error: Exception) -> None:
        """Count a failed attempt that will be retried."""
        ...

    def dead_lettered(self, event: Event, error: Exception) -> None:
        """Count an event whose last attempt failed."""
        ...


Accept = Callable[[Event], Awaitable[bool]]
"""The function that an adapter passes events to. Returns once the event is stored; False for a
duplicate."""


class Alerts(Protocol):
    """Alerts staff; never raises."""

    async def alert(self, kind: str, text: str) -> None:
        """Alert staff, unless an alert of this kind is open.

        Args:
            kind: Subject of the alert; one alert of a kind is open at a time.
            text: What happened and what to do, in Markdown; nothing that customers wrote.
        """
        ...

    async def clear(self, kind: str) -> None:
        """Close an alert: the next one of this kind is posted again."""
        ...


class Clock(Protocol):
    """Source of time; tests control it."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never decrease, for durations."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class NullMeter:
    """A `Meter` that counts nothing."""

    def accepted(self, event: Event, *, fresh: bool) -> None:
        """Count nothing."""

    def answered(self, decision: Decision, seconds: float) -> None:
        """Count nothing."""

    def retried(self, event: Event, error: Exception) -> None:
        """Count nothing."""

    def dead_lettered(self, event: Event, error: Exception) -> None:
        """Count nothing."""

    def post_delivered(self, post: OutgoingPost) -> None:
        """Count nothing."""

    def post_retried(self, post: OutgoingPost, error: Exception) -> None:
        """Count nothing."""

    def post_failed(self, post: OutgoingPost, error: Exception) -> None:
        """Count nothing."""
