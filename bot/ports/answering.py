"""What is said: replies, wording, articles, chat models."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.messages import Source, Visibility


@dataclass(frozen=True, slots=True)
class Answer:
    """What an admin wrote for an intent, chosen for language and platform, placeholders filled.

    Attributes:
        suggestions: Names of intents to offer as next steps.
        handoff: A human shall take over; the text is for the case that staff were told, and empty
            when admins wrote none.
        description: What the customer wants, for those who read why; empty for nothing said.
    """

    markdown: str
    visibility: Visibility = Visibility.PUBLIC
    suggestions: tuple[str, ...] = ()
    handoff: bool = False
    description: str = ""


class Answers(Protocol):
    """The admins' replies, by intent."""

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
        """Tell why an intent has no reply, for those who ask why."""
        ...

    def title(self, intent: str, *, language: str) -> str:
        """Return what a button says for an intent."""
        ...


class Wording(Protocol):
    """What the bot says of its own, in the customer's language; wording lives in one place."""

    def say(self, key: str, language: str) -> str:
        """Return one of the bot's own sentences, placeholders filled; empty when switched off.

        Args:
            key: Of a text, as under `responder.texts` in config.
            language: BCP 47 tag; the default language stands in, also for an empty one.
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
        place: File and line, page or paragraph on which it begins, for staff.
        meaning, words: What the score was joined from, in [0, 1].
        personal: The asker may see it and others in the same place may not: what is made of it
            must not be said in public.
        internal: Staff alone may see it, and what is made of it.
    """

    citation: str
    source: Source
    heading: str
    text: str
    score: float
    place: str = ""
    meaning: float = 0.0
    words: float = 0.0
    personal: bool = False
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """Who asks, and where the answer will be read; without anything, a customer anywhere.

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
class Withheld:
    """A passage that would have been found, and must not be shown: for admins to know.

    Attributes:
        reason: For whom, or for how long, it is.
    """

    citation: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found.

    Attributes:
        passages: What may be shown, best first.
        withheld: What is near enough to be quoted, but not for this asker or not today.
    """

    passages: tuple[Passage, ...]
    withheld: tuple[Withheld, ...] = ()


class Retriever(Protocol):
    """Finds passages in the admins' articles."""

    threshold: float
    """Score from which a passage is near enough to be quoted as an answer."""

    async def search(
        self, text: str, *, language: str, limit: int, audience: Audience | None = None
    ) -> Findings:
        """Return the best passages that an asker may see today; None sees what is public."""
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
