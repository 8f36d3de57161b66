"""What the model provider is paid, and answers that need not be paid for again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.messages import Source


@dataclass(frozen=True, slots=True)
class Expense:
    """One request to the model provider.

    Attributes:
        message: Id of the message that it was made for.
        conversation: Key of its conversation.
        author: Key of the person who wrote.
        model: The model's name at the provider.
        prompt_tokens, completion_tokens: As the provider counted them, else our estimate.
        estimated: The provider told nothing.
        cost: In units of the configured currency.
    """

    message: str
    conversation: str
    author: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    estimated: bool
    cost: float


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose expenses are added up: one of the three, or all.

    Attributes:
        author: Key of a person.
        conversation: Key of a conversation.
        channel: `platform:app:channel`.
    """

    author: str = ""
    conversation: str = ""
    channel: str = ""


class SpendLog(Protocol):
    """Where expenses are written down; a restart keeps them."""

    async def record(self, expense: Expense) -> None:
        """Write an expense down."""
        ...

    async def spent(self, scopes: Sequence[Scope], *, since: datetime) -> Sequence[float]:
        """Add up what was spent since a moment, for each scope."""
        ...


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """An answer that was generated before and may be given again.

    Attributes:
        pieces: Checked sentences in Markdown; they join without a separator.
        sources: What it was made from.
    """

    pieces: tuple[str, ...]
    sources: tuple[Source, ...]


class KnownAnswers(Protocol):
    """Answers to questions that are asked again and again."""

    async def recall(self, key: str) -> KnownAnswer | None:
        """Return the answer that was kept under a key, and count that it was used."""
        ...

    async def keep(self, key: str, answer: KnownAnswer) -> None:
        """Keep an answer; one that is there already stays."""
        ...
