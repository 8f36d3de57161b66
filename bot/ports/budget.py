"""Ports of the budget: the log of expenses, and cached answers."""

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
        message: Id of the message that caused it.
        conversation: Key of its conversation.
        author: Key of the author.
        model: The model's name at the provider.
        prompt_tokens, completion_tokens: As counted by the provider, else our estimate.
        estimated: The provider reported no counts.
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
    """Whose expenses are summed: one of the three, or everybody's.

    Attributes:
        author: Key of a person.
        conversation: Key of a conversation.
        channel: `platform:app:channel`.
    """

    author: str = ""
    conversation: str = ""
    channel: str = ""


class SpendLog(Protocol):
    """Stores expenses durably."""

    async def record(self, expense: Expense) -> None:
        """Store an expense."""
        ...

    async def spent(self, scopes: Sequence[Scope], *, since: datetime) -> Sequence[float]:
        """Return the amount spent since a moment, for each scope."""
        ...


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """A cached generated answer.

    Attributes:
        pieces: Checked sentences in Markdown; they join without a separator.
        sources: The articles that it was generated from.
    """

    pieces: tuple[str, ...]
    sources: tuple[Source, ...]


class KnownAnswers(Protocol):
    """The cache of generated answers."""

    async def recall(self, key: str) -> KnownAnswer | None:
        """Return the cached answer for a key, and count the hit."""
        ...

    async def keep(self, key: str, answer: KnownAnswer) -> None:
        """Cache an answer; an existing one is kept."""
        ...
