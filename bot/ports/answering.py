"""Ports of answering: replies, wording, article search, chat models."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.messages import Source, Visibility
from bot.ports.understanding import DangerKind


@dataclass(frozen=True, slots=True)
class RecommendScope:
    """Which products an intent recommends.

    Attributes:
        category: Only of this category, unless the customer names one; empty: of all.
        only: Values that all must have, by attribute.
        limit: Most products at once.
    """

    category: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limit: int = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """An intent's reply, chosen for language and platform, placeholders filled.

    Attributes:
        suggestions: Names of intents to offer as next steps.
        handoff: A person should take over; the text is posted once staff were notified, and empty
            when admins wrote none.
        team: Name of the team that is asked; empty: the default one.
        description: What the customer wants, for `/why`; may be empty.
        small_talk: The intent is a courtesy such as a greeting: it is answered, never asked about.
        form: It has slots or an action: a form begins, and the text comes at its end.
        recommends: Products are recommended, of these; None: none are.
    """

    markdown: str
    visibility: Visibility = Visibility.PUBLIC
    suggestions: tuple[str, ...] = ()
    handoff: bool = False
    team: str = ""
    description: str = ""
    small_talk: bool = False
    form: bool = False
    recommends: RecommendScope | None = None


class Answers(Protocol):
    """Replies that admins wrote, by intent."""

    def answer(self, intent: str, *, language: str, platform: str, seed: str) -> Answer | None:
        """Return the reply of an intent, or None when there is none (see `why_not`).

        Args:
            intent: The intent's name.
            language: BCP 47 tag of the customer's language; the default language stands in.
            platform: name of the adapter: selects a platform's own wording.
            seed: Chooses among variants; the same seed gives the same variant.
        """
        ...

    def why_not(self, intent: str) -> str:
        """Return why an intent has no reply, for `/why`."""
        ...

    def title(self, intent: str, *, language: str) -> str:
        """Return the label of an intent's button."""
        ...


class Topics(Protocol):
    """What customers can ask about."""

    def topics(self, language: str) -> Sequence[str]:
        """Return the titles of intents that are answered and no small talk, a selection of many.

        Args:
            language: BCP 47 tag of the customer's language; the default language stands in.
        """
        ...

    def is_taught(self, text: str) -> bool:
        """Return whether a text is an example of an intent, whatever its case and accents."""
        ...


class Wording(Protocol):
    """The bot's fixed texts, in the customer's language."""

    def say(self, key: str, language: str) -> str:
        """Return a fixed text, placeholders filled; empty when disabled.

        Args:
            key: Key of the text, as under `responder.texts` in config.
            language: BCP 47 tag; falls back to the default language, also when empty.
        """
        ...


class SafetyReplies(Protocol):
    """Fixed texts for messages about a danger, in the customer's language."""

    def answers(self, kind: DangerKind) -> bool:
        """Return whether messages of a kind are answered: admins may switch some off."""
        ...

    def say(self, kind: DangerKind, language: str, *, told: bool) -> str:
        """Return the reply, in Markdown.

        Args:
            kind: What the message is about.
            language: BCP 47 tag of the customer's language.
            told: Staff were told.
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
        place: File and line, page or paragraph where it begins, for staff.
        meaning, words: The semantic and the lexical part of the score, in [0, 1].
        covered: Share of the query's words, by their weight, that the passage holds, in [0, 1].
        personal: The asker may see it but others in the same place may not: answers based on it
            must not be public.
        internal: Only staff may see it, and answers based on it.
        language: BCP 47 tag of the article; empty when it is not known.
    """

    citation: str
    source: Source
    heading: str
    text: str
    score: float
    place: str = ""
    meaning: float = 0.0
    words: float = 0.0
    covered: float = 0.0
    personal: bool = False
    internal: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who asks, and where the answer will be read; by default a customer in any place.

    Attributes:
        platform: Name of the platform.
        channel: Its id of the channel; empty where articles are not for channels.
        roles: Ids of the roles that the asker has there; none where articles are not for roles.
        internal: Staff ask, where staff alone read.
    """

    platform: str = ""
    channel: str = ""
    roles: frozenset[str] = frozenset()
    internal: bool = False


@dataclass(frozen=True, slots=True)
class WithheldPassage:
    """A passage that matches but must not be shown, reported to admins.

    Attributes:
        reason: Why it is withheld: its audience or its dates.
    """

    citation: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The result of a search.

    Attributes:
        passages: Passages that may be shown, best first.
        withheld: Passages similar enough to be quoted, but not for this asker or not today.
    """

    passages: tuple[Passage, ...]
    withheld: tuple[WithheldPassage, ...] = ()


class Retriever(Protocol):
    """Searches passages in the articles."""

    threshold: float
    """Minimum score for quoting a passage as an answer."""

    async def search(
        self, text: str, *, language: str, limit: int, audience: Audience | None = None
    ) -> SearchResult:
        """Return the best passages that an audience may see today; None: public passages only."""
        ...


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a completion used, as counted by the provider."""

    prompt_tokens: int
    completion_tokens: int


JsonSchema = Mapping[str, object]
"""A JSON schema, as plain data."""


class ChatModel(Protocol):
    """A chat model: streams the completion of a prompt."""

    def stream(
        self, prompt: Sequence[ChatMessage], schema: JsonSchema | None = None
    ) -> AsyncGenerator[str | Usage, None]:
        """Yield the completion in pieces, and its usage last if the provider reports it.

        Args:
            prompt: What the model reads.
            schema: The completion follows this JSON schema where the server can see to that.

        Raises:
            ChatModelUnavailable: The server failed, timed out or sent an invalid response, before
                or between the pieces.
        """
        ...
