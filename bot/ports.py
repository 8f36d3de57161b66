"""The seams of Frontdesk, as protocols. The rooms know each other through these alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from bot.messages import (
    Author,
    Button,
    Choice,
    Conversation,
    Decision,
    Event,
    Part,
    ScoredIntent,
    Source,
    Visibility,
)


class Clock(Protocol):
    """Where time comes from; tests move it."""

    def now(self) -> datetime:
        """Return the present, in UTC, aware."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back, for durations."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


# --- understanding ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the classifier makes of one text.

    Attributes:
        intents: The likeliest intents first, with calibrated confidence; empty when nothing can
            be said of the text (no words in it).
        threshold: Confidence from which the first intent may be answered without asking.
        ask_threshold: Confidence from which it is worth asking "did you mean"; <= threshold.
        model_version, intents_hash: Which model, trained on which intents.
    """

    intents: tuple[ScoredIntent, ...]
    threshold: float
    ask_threshold: float
    model_version: str
    intents_hash: str


class Classifier(Protocol):
    """Recognises what admins taught."""

    async def classify(self, text: str) -> Prediction:
        """Rank the intents for one text of any length and content; never raises for a text."""
        ...


class Languages(Protocol):
    """Tells which of the desk's languages a text is written in."""

    def detect(self, text: str, *, prior: str) -> str:
        """Return a BCP 47 tag; the prior when the text could be in several languages."""
        ...


# --- answering -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What an admin wrote for an intent, chosen for language and platform, placeholders filled.

    Attributes:
        suggestions: Names of intents to offer as next steps.
        handoff: A human shall take over.
    """

    markdown: str
    visibility: Visibility = Visibility.PUBLIC
    suggestions: tuple[str, ...] = ()
    handoff: bool = False


class Answers(Protocol):
    """The admins' replies, by intent."""

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:
        """Return the reply of an intent, or None for a draft or unknown intent.

        Args:
            intent: The intent's name.
            language: BCP 47 tag of the customer's language; the default language stands in.
            platform: `slack`, `discord`, `terminal` ...: selects a platform's own wording.
            seed: Chooses among variants; the same seed gives the same variant.
        """
        ...

    def title(self, intent: str, *, language: str) -> str:
        """Return what a button says for an intent."""
        ...


class Wording(Protocol):
    """What the bot says of its own, in the customer's language; wording lives in one place."""

    def say(self, key: str, language: str) -> str:
        """Return one of the bot's own sentences, placeholders filled; empty when switched off.

        Args:
            key: `introduction`, `clarify`, `neither`, `handoff`, `expired`, `wordless`,
                `quoted`, `interrupted`, `too_fast` or `unknown`.
            language: BCP 47 tag; the default language stands in.
        """
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article, cut along its headings.

    Attributes:
        citation: Unique and readable, for example `returns.md#How to send it back`.
        heading: Heading path below the title; may be empty.
        text: Markdown.
        score: Similarity to the query in [0, 1], comparable with `Retriever.threshold`.
    """

    citation: str
    source: Source
    heading: str
    text: str
    score: float


class Retriever(Protocol):
    """Finds passages in the admins' articles."""

    threshold: float
    """Score from which a passage is near enough to be quoted as an answer."""

    async def search(self, text: str, *, language: str, limit: int) -> Sequence[Passage]:
        """Return the best passages first."""
        ...


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a completion used, as the provider counted them."""

    prompt_tokens: int
    completion_tokens: int


class ChatModel(Protocol):
    """A GPT: prompt in, text out, piece by piece."""

    def stream(self, prompt: Sequence[ChatMessage]) -> AsyncGenerator[str | Usage, None]:
        """Yield the completion in pieces, and its usage last when the provider tells it.

        Raises:
            ChatModelUnavailable: The server failed, timed out or answered nonsense, before or
                amid the pieces.
        """
        ...


class Choices(Protocol):
    """What buttons mean, kept in storage."""

    async def offer(
        self, message_id: str, choices: Sequence[tuple[str, Choice]]
    ) -> tuple[Button, ...]:
        """Keep label and meaning of each button offered in answer to a message."""
        ...

    async def choice(self, button: str) -> Choice | None:
        """Return what a button means, or None when it is unknown or has expired."""
        ...


class Transcripts(Protocol):
    """What was said, by conversation."""

    async def conversation(self, key: str, author: Author) -> Conversation:
        """Return what is remembered of a conversation; an unknown key gives an empty one."""
        ...

    async def speaks_in(self, key: str) -> bool:
        """Tell whether the bot has spoken in a conversation, or is about to."""
        ...


# --- delivery --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to handle one event, until it is finished or given back.

    Attributes:
        event: What to handle.
        attempt: 1 the first time; above 1, an earlier attempt may have posted something.
        posted: Platform ids of the messages that earlier attempts remembered posting.
        token: Names this claim; a claim that was taken over can finish nothing.
        interrupted: Earlier attempts that never ended, because the process died.
    """

    event: Event
    attempt: int
    posted: tuple[str, ...]
    token: str
    interrupted: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an event: kept in the same transaction that finishes it.

    Attributes:
        reply: Markdown of the whole reply; empty for silence.
    """

    decision: Decision
    reply: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is in an inbox: waiting, put off or being answered.

    Attributes:
        depth: How many events.
        oldest_age: Seconds since the oldest of them was accepted; 0.0 when there is none.
    """

    depth: int
    oldest_age: float


class Inbox(Protocol):
    """Accepts every event once, hands each conversation's events out in order.

    A call with a claim that another worker has taken over raises `ClaimLost` and changes
    nothing. Any call raises `StorageError` while the database is away.
    """

    async def accept(self, event: Event) -> bool:
        """Store an event durably; False when its message id was accepted before."""
        ...

    async def claim(self) -> Claim:
        """Wait for the oldest event of a conversation that nobody is handling."""
        ...

    async def checkpoint(self, claim: Claim, posted: Sequence[str]) -> None:
        """Remember what has been posted for a claim, in case that it is interrupted."""
        ...

    async def finish(self, claim: Claim, outcome: Outcome) -> None:
        """Write transcript and decision, and be done with the event; one transaction."""
        ...

    async def release(self, claim: Claim) -> None:
        """Give an unfinished event back, to be claimed again at once."""
        ...

    async def retry(self, claim: Claim, reason: str, delay: float) -> None:
        """Give an event back, to be claimed again later; its conversation waits for it.

        Args:
            claim: What failed.
            reason: Why, for operators.
            delay: Seconds to wait.
        """
        ...

    async def bury(self, claim: Claim, reason: str) -> None:
        """Give an event up: keep it aside for staff, and let its conversation go on."""
        ...

    async def backlog(self) -> Backlog:
        """Tell how much is not yet answered."""
        ...


class Meter(Protocol):
    """Is told what happens at the desk, so that operators can count it; must not raise."""

    def accepted(self, event: Event, *, fresh: bool) -> None:
        """An event was stored; `fresh` is false when that had been done before."""
        ...

    def answered(self, decision: Decision, seconds: float) -> None:
        """An event was seen to its end, `seconds` after it was taken up."""
        ...

    def put_off(self, event: Event, error: Exception) -> None:
        """An attempt failed; another one will follow."""
        ...

    def given_up(self, event: Event, error: Exception) -> None:
        """The last attempt failed."""
        ...


class Responds(Protocol):
    """Decides what is done about an event."""

    def respond(self, event: Event) -> AsyncIterator[Part]:
        """Yield the parts of the reply; the last one is always `Done`."""
        ...


Accept = Callable[[Event], Awaitable[bool]]
"""What an adapter hands events to. Returns only when the event is stored; False: seen before."""


class Posting(Protocol):
    """One reply on its way to a platform."""

    event: Event
    attempt: int
    posted: tuple[str, ...]

    async def remember(self, platform_id: str) -> None:
        """Keep the id of a message just posted, so that a later attempt does not repeat it."""
        ...


class Adapter(Protocol):
    """A platform. Translates its events into ours and our parts into its posts."""

    name: str

    async def run(self, accept: Accept) -> None:
        """Connect and hand every event to `accept`, until `close`.

        The platform is acknowledged after `accept` returned. Reconnects by itself.

        Raises:
            AdapterError: The platform refuses us for good (token, permission, setting).
        """
        ...

    def thinking(self, event: Event) -> AbstractAsyncContextManager[None]:
        """Show that an answer is being made (typing, status) while the context is open."""
        ...

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Post a reply into the place where the event came from; `Done` alone posts nothing.

        Raises:
            ServiceUnavailable: The platform did not take it; worth another attempt.
            AdapterError: The platform will never take it.
        """
        ...

    async def close(self) -> None:
        """Stop accepting and disconnect; returns when no more events will be handed in."""
        ...


@runtime_checkable
class Linked(Protocol):
    """An `Adapter` that can lose its connection; one that says nothing counts as connected."""

    @property
    def connected(self) -> bool:
        """Events can come in now."""
        ...

    @property
    def connections(self) -> int:
        """How often a connection came about since the start."""
        ...


@runtime_checkable
class Announces(Protocol):
    """An `Adapter` that can speak first: to staff, in a channel of theirs."""

    async def announce(self, channel: str, markdown: str) -> None:
        """Post into a channel, by the platform's id.

        Raises:
            ServiceUnavailable: The platform did not take it; worth another attempt.
            AdapterError: The platform will never take it.
        """
        ...


class Alerts(Protocol):
    """Tells staff what they must know; never raises."""

    async def tell(self, kind: str, text: str) -> None:
        """Tell staff, unless they have been told of this kind and it is not over.

        Args:
            kind: What it is about; one alert of a kind is open at a time.
            text: What happened and what to do, in Markdown; nothing that customers wrote.
        """
        ...

    async def clear(self, kind: str) -> None:
        """Note that something is over: when it comes again, staff are told again."""
        ...


class AdapterPlugin(Protocol):
    """What an entry point of the group `frontdesk.adapters` resolves to."""

    name: str
    """The adapter's section in config.yaml."""

    config_model: type[object]
    """A pydantic model of that section."""

    def build(self, section: object, environment: Mapping[str, str]) -> Adapter:
        """Make the adapter.

        Args:
            section: An instance of `config_model`.
            environment: Where tokens are read, by the names that the section gives.

        Raises:
            AdapterError: A token is missing or malformed; the message says where to get one.
        """
        ...
