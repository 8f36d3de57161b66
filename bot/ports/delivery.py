"""Ports of delivery: inbox, responder, metrics, alerts, handoffs and the clock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.conversations.key import ConversationKey
from bot.conversations.state import ConversationState
from bot.messages import Decision, Event, Message, Part, Readers, Visibility


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


@dataclass(frozen=True, slots=True)
class OutgoingPost:
    """A post that answers no event of its own conversation: a relayed line, a notice, a reminder.

    Attributes:
        conversation: Where it is to stand, as `platform:app:channel[:thread]`.
        markdown: What it says.
        cause: Id of the event or of the act of staff that it comes from.
        author: Key of the person it is for; empty: no customer. It goes when they are forgotten,
            and private text is shown to them alone.
        visibility: Who may see it.
        readers: Who can read the conversation, as far as the platform told.
        due_at: Not before this moment; None: at once, in the order of its conversation. One that
            is due later waits for no other, and no other for it.
        version: Post only while the conversation's state has this version; None: whatever it has.
    """

    conversation: str
    markdown: str
    cause: str
    author: str = ""
    visibility: Visibility = Visibility.PUBLIC
    readers: Readers = Readers.OTHERS
    due_at: datetime | None = None
    version: int | None = None

    @property
    def adapter(self) -> str:
        """Name of the adapter that delivers it."""
        return ConversationKey.parse(self.conversation).platform


@dataclass(frozen=True, slots=True)
class ReservedPost:
    """An outgoing post that one worker alone is about to deliver.

    Attributes:
        number: Of its row in the outbox.
        token: Names this reservation; one that was taken over can record nothing.
        attempt: 1 the first time; above 1, an earlier attempt may have posted it.
        queued_at: When it came into the outbox.
        begun_at: When its first attempt began.
        standing: Platform ids of what the outbox has delivered to the same conversation; told
            when it may have been posted before, so that none of them is taken for it.
    """

    post: OutgoingPost
    number: int
    token: str
    attempt: int
    queued_at: datetime
    begun_at: datetime
    standing: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """What the platform is to know the post by; the same in every attempt."""
        return f"outbox-{self.number}-{int(self.queued_at.timestamp())}"

    @property
    def repeated(self) -> bool:
        """Whether an earlier attempt may have posted it."""
        return self.attempt > 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of an event, stored in the transaction that finishes it.

    Attributes:
        reply: Markdown of the whole reply; empty for silence.
        private: Part of it was visible only to the person who was answered.
        state: What the conversation becomes, made from the stored state; None: as it is. Finishing
            raises `StateChanged` when another change came first, and writes nothing then.
        outgoing: Posts to other places that come from it.
    """

    decision: Decision
    reply: str
    private: bool = False
    state: ConversationState | None = None
    outgoing: tuple[OutgoingPost, ...] = ()


@dataclass(frozen=True, slots=True)
class Backlog:
    """Size and age of what is in an inbox: waiting, scheduled for a retry or being answered.

    Attributes:
        depth: Number of events.
        oldest_age: Seconds since the oldest event was accepted; 0.0 when there is none.
    """

    depth: int
    oldest_age: float


class Inbox(Protocol):
    """Accepts every event once; returns each conversation's events in order.

    Events that a dead or stalled worker was handling come first, one at a time: the process gets
    no other event meanwhile, for a limited time that grows with each interruption.

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
        """
        ...

    async def finish(self, claim: Claim, outcome: Outcome) -> None:
        """Write transcript and decision and remove the event, in one transaction."""
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


class Outbox(Protocol):
    """Keeps posts until they are delivered, each conversation's in order; beside the inbox.

    A call with a reservation that was taken over raises `ClaimLost` and changes nothing. Any call
    raises `StorageError` while the database is away.
    """

    async def enqueue(self, *posts: OutgoingPost) -> Sequence[int]:
        """Store posts durably, in a transaction of their own; return their numbers."""
        ...

    async def cancel(self, number: int) -> bool:
        """Let a post not be made; False when it has been begun, or is over."""
        ...

    async def reserve(self, adapters: Collection[str], limit: int) -> Sequence[ReservedPost]:
        """Mark posts that are due as being made, at most one of a conversation; return at once.

        One whose conversation has another version than it asks for is cancelled instead.

        Args:
            adapters: Names of those that can deliver here.
            limit: How many at most.
        """
        ...

    async def wait(self, seconds: float) -> None:
        """Return when something may have become due, or after some seconds."""
        ...

    def wake(self) -> None:
        """Let whoever waits look at once: something was stored in a transaction of its cause."""
        ...

    async def delivered(self, reserved: ReservedPost, platform_id: str) -> None:
        """Record that a post stands on its platform."""
        ...

    async def retry(self, reserved: ReservedPost, reason: str, delay: float) -> None:
        """Give a post back, to be made again later; its conversation waits for it."""
        ...

    async def fail(self, reserved: ReservedPost, reason: str) -> None:
        """Give a post up: keep a case for staff, and let its conversation go on."""
        ...

    async def backlog(self) -> Backlog:
        """Tell how much is due and not yet delivered."""
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


class OutboxMeter(Protocol):
    """Is told what becomes of outgoing posts; must not raise."""

    def post_delivered(self, post: OutgoingPost) -> None:
        """A post stands on its platform."""
        ...

    def post_retried(self, post: OutgoingPost, error: Exception) -> None:
        """An attempt failed; another one will follow."""
        ...

    def post_failed(self, post: OutgoingPost, error: Exception) -> None:
        """The last attempt failed."""
        ...


Accept = Callable[[Event], Awaitable[bool]]
"""The function that an adapter passes events to. Returns once the event is stored; False for a
duplicate."""


class Alerts(Protocol):
    """Alerts staff; never raises."""

    async def tell(self, kind: str, text: str) -> None:
        """Alert staff, unless an alert of this kind is open.

        Args:
            kind: Subject of the alert; one alert of a kind is open at a time.
            text: What happened and what to do, in Markdown; nothing that customers wrote.
        """
        ...

    async def clear(self, kind: str) -> None:
        """Close an alert: the next one of this kind is posted again."""
        ...


class Handoffs(Protocol):
    """Requests that staff take over a conversation."""

    async def request(self, message: Message, asked: str) -> bool:
        """Open a case and notify staff, within seconds; return whether they were notified.

        Args:
            message: The message that asks for a person.
            asked: What the customer wants, in their own words.
        """
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
