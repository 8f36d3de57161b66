"""Ports of adapters: the base protocol, and optional capabilities."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from bot.messages import Event, Part
from bot.ports.answering import Wording
from bot.ports.conversations import History
from bot.ports.delivery import Accept, Alerts


class Posting(Protocol):
    """One attempt to post a reply to a platform."""

    event: Event
    attempt: int
    posted: tuple[str, ...]

    async def reserve(self) -> None:
        """Store that a post is being made; call it before every post and every edit.

        Raises:
            StateChanged: Somebody has taken the conversation over: post nothing more.
            Superseded: What is answered has changed: post nothing more.
        """
        ...

    async def remember(self, platform_id: str) -> None:
        """Store the id of a posted message, so that a later attempt does not post it again."""
        ...

    async def forget(self, platform_id: str) -> None:
        """Store that a posted message was taken back."""
        ...


class Adapter(Protocol):
    """A platform: translates its events into ours, and our parts into its posts."""

    name: str

    async def run(self, accept: Accept) -> None:
        """Connect and pass every event to `accept`, until `close`.

        Acknowledges an event once `accept` has returned. Reconnects by itself.

        Raises:
            AdapterError: The platform refuses us permanently (token, permission, setting).
        """
        ...

    def thinking(self, event: Event) -> AbstractAsyncContextManager[None]:
        """Show an indicator (typing, status) while the context is open."""
        ...

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Post a reply where the event came from; `Done` alone posts nothing.

        What an answer to an earlier revision of the message stands in (`posting.posted`) is
        changed into this one: edited, added to, or deleted.

        Raises:
            ServiceUnavailable: The platform did not accept it; worth another attempt.
            AdapterError: The platform will never accept it.
        """
        ...

    async def close(self) -> None:
        """Stop accepting and disconnect; returns when no more events will be passed on."""
        ...


@runtime_checkable
class HasConnection(Protocol):
    """An `Adapter` that reports its connection; any other counts as connected."""

    @property
    def connected(self) -> bool:
        """Whether events can arrive now; for one that only posts: whether replies can be sent."""
        ...

    @property
    def connections(self) -> int:
        """Number of connections established since the start."""
        ...


@runtime_checkable
class HasLimitations(Protocol):
    """An `Adapter` whose platform may allow it less than it needs, while it serves the rest."""

    @property
    def limitations(self) -> Sequence[str] | None:
        """What is not allowed, each with how to fix it; None while that is not known here."""
        ...


@runtime_checkable
class CanPost(Protocol):
    """An `Adapter` that can post without listening, for a process that only answers."""

    async def speak(self) -> None:
        """Log in and allow posting, until `close`; used in place of `run`.

        Raises:
            AdapterError: The platform refuses us permanently.
        """
        ...


@runtime_checkable
class CatchesUp(Protocol):
    """An `Adapter` that catches up on messages written while the bot was offline."""

    def recall(self, past: History) -> None:
        """Set the stored history; called once, before `run`."""
        ...


@runtime_checkable
class HasWording(Protocol):
    """An `Adapter` that posts texts of its own, in the bot's wording."""

    def use_wording(self, wording: Wording) -> None:
        """Set the bot's texts; called once, before `run`."""
        ...


@runtime_checkable
class KnowsEmail(Protocol):
    """An `Adapter` of a platform that verifies the e-mail addresses of people."""

    async def verified_email(self, author: str) -> str:
        """Return the verified address of a person; empty: none, or the platform does not tell.

        Args:
            author: Key of the person, `platform:workspace:user_id`.
        """
        ...


@runtime_checkable
class UsesAlerts(Protocol):
    """An `Adapter` that alerts staff when a platform refuses what it posts."""

    def use_alerts(self, alerts: Alerts) -> None:
        """Set what alerts staff; called once, before `run`."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one diagnostic check.

    Attributes:
        about: What was checked.
        state: `ok`, `warn` (customers are still answered) or `fail`.
        found: The result; no secrets.
        remedy: How to fix it; empty when nothing needs fixing.
    """

    about: str
    state: Literal["ok", "warn", "fail"]
    found: str
    remedy: str = ""


@runtime_checkable
class HasDiagnostics(Protocol):
    """An `AdapterPlugin` that can check tokens and permissions on its platform."""

    async def doctor(
        self, section: object, environment: Mapping[str, str], *, offline: bool
    ) -> Sequence[Finding]:
        """Check the tokens and, unless offline, the platform.

        Args:
            section: An instance of `config_model`.
            environment: Environment variables, for tokens.
            offline: Make no requests.
        """
        ...


@runtime_checkable
class ChecksChannels(Protocol):
    """An `AdapterPlugin` that can check what the bot may do in a channel."""

    async def check_channels(
        self, section: object, environment: Mapping[str, str], channels: Sequence[str]
    ) -> Sequence[Finding]:
        """Check channels that the configuration names; the platform accepts the tokens.

        Args:
            section: An instance of `config_model`.
            environment: Environment variables, for tokens.
            channels: The platform's ids.
        """
        ...


@runtime_checkable
class ChecksCaseChannels(Protocol):
    """An `AdapterPlugin` that can check whether cases can be worked in a channel."""

    async def check_case_channels(
        self, section: object, environment: Mapping[str, str], channels: Sequence[str]
    ) -> Sequence[Finding]:
        """Check channels in which cases stand; the platform accepts the tokens.

        Args:
            section: An instance of `config_model`.
            environment: Environment variables, for tokens.
            channels: The platform's ids.
        """
        ...


@runtime_checkable
class ChecksEmails(Protocol):
    """An `AdapterPlugin` that can check whether verified addresses of people can be read."""

    async def check_emails(
        self, section: object, environment: Mapping[str, str]
    ) -> Sequence[Finding]:
        """Check what `KnowsEmail` needs; the platform accepts the tokens.

        Args:
            section: An instance of `config_model`.
            environment: Environment variables, for tokens.
        """
        ...


@dataclass(frozen=True, slots=True)
class PlatformRules:
    """What the core must know of a platform, without knowing the platform.

    Attributes:
        title: The platform's name, as people write it.
        setup: The line of config.yaml that sets it up, and in a comment what that needs.
        id_hint: Where the platform shows the ids of channels and people.
        audience: What `audience: NAME:ID` of an article can name: a channel, whose readers all
            see the article, or a role, whose members alone do.
        schemes: Schemes of addresses that the platform's program acts on.
        pings: Words that notify many people where they follow an `@`.
    """

    title: str
    setup: str = ""
    id_hint: str = ""
    audience: frozenset[Literal["channel", "role"]] = frozenset({"channel", "role"})
    schemes: frozenset[str] = frozenset()
    pings: frozenset[str] = frozenset()


@runtime_checkable
class HasPlatformRules(Protocol):
    """An `AdapterPlugin` that says what is special about its platform."""

    rules: PlatformRules


class AdapterPlugin(Protocol):
    """What an entry point of the group `frontdesk.adapters` resolves to."""

    name: str
    """The adapter's section in config.yaml."""

    config_model: type[object]
    """A pydantic model of that section."""

    def build(self, section: object, environment: Mapping[str, str]) -> Adapter:
        """Build the adapter.

        Args:
            section: An instance of `config_model`.
            environment: Environment variables, for tokens, by the names in the section.

        Raises:
            AdapterError: A token is missing or malformed; the message says where to get one.
        """
        ...
