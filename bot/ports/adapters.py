"""Where customers are: adapters, and what some of them can do besides."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from bot.messages import Event, Message, Part
from bot.ports.answering import Wording
from bot.ports.conversations import History
from bot.ports.delivery import Accept, ReservedPost


class Posting(Protocol):
    """One reply on its way to a platform."""

    event: Event
    attempt: int
    posted: tuple[str, ...]

    async def reserve(self) -> None:
        """Store that a post is being made; call it before every post and every edit.

        Raises:
            StateChanged: Somebody has taken the conversation over: post nothing more.
        """
        ...

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
class HasConnection(Protocol):
    """An `Adapter` that can lose its connection; one that says nothing counts as connected."""

    @property
    def connected(self) -> bool:
        """Events can come in now; of one that only speaks: replies can go out."""
        ...

    @property
    def connections(self) -> int:
        """How often a connection came about since the start."""
        ...


@runtime_checkable
class CanPost(Protocol):
    """An `Adapter` that can post without listening, for a process that only answers."""

    async def speak(self) -> None:
        """Sign in and let replies be posted, until `close`; takes the place of `run`.

        Raises:
            AdapterError: The platform refuses us for good.
        """
        ...


@runtime_checkable
class CatchesUp(Protocol):
    """An `Adapter` that catches up with what was written while nobody listened."""

    def recall(self, past: History) -> None:
        """Take what storage knows of earlier; called once, before `run`."""
        ...


@runtime_checkable
class Worded(Protocol):
    """An `Adapter` that says something by itself, in the words of the bot."""

    def word(self, wording: Wording) -> None:
        """Take what the bot says of its own; called once, before `run`."""
        ...


@runtime_checkable
class CanNotify(Protocol):
    """An `Adapter` that can speak first: to staff, in a channel of theirs."""

    async def notify(self, channel: str, markdown: str) -> None:
        """Post into a channel, by the platform's id.

        Raises:
            ServiceUnavailable: The platform did not take it; worth another attempt.
            AdapterError: The platform will never take it.
        """
        ...


@runtime_checkable
class DeliversPosts(Protocol):
    """An `Adapter` that can make a post which answers no event."""

    async def deliver(self, reserved: ReservedPost) -> str:
        """Make a post in its conversation; return the platform's id of it.

        When an earlier attempt may have made it, it is looked for on the platform first.

        Raises:
            ServiceUnavailable: The platform did not take it; worth another attempt.
            AdapterError: The platform will never take it.
        """
        ...


@runtime_checkable
class Linking(Protocol):
    """An `Adapter` that can say where a message stands, for staff to click."""

    def link(self, message: Message) -> str:
        """Return a web address that others than the author can open; empty when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look at one thing found.

    Attributes:
        about: The thing.
        state: `ok`, `warn` (customers are answered all the same) or `fail`.
        found: What there is to see; no secrets.
        remedy: What to do about it; empty when nothing is.
    """

    about: str
    state: Literal["ok", "warn", "fail"]
    found: str
    remedy: str = ""


@runtime_checkable
class HasDiagnostics(Protocol):
    """An `AdapterPlugin` that can tell whether its platform would take us."""

    async def doctor(
        self, section: object, environment: Mapping[str, str], *, offline: bool
    ) -> Sequence[Finding]:
        """Look at tokens and, unless offline, at the platform.

        Args:
            section: An instance of `config_model`.
            environment: Where tokens are read.
            offline: Ask nobody.
        """
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
