"""Ports of recommendations: the products, and what customers want of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

from bot.messages import Choice, Part
from bot.ports.answering import RecommendScope
from bot.responder import Turn


class Recommends(Protocol):
    """Recommends products; several stages use it."""

    def recommend(
        self, turn: Turn, scope: RecommendScope, reason: str
    ) -> AsyncIterator[Part | Turn]:
        """Yield products for what a customer wrote; the turn alone where there are no products."""
        ...

    def press(self, turn: Turn, choice: Choice) -> AsyncIterator[Part | Turn]:
        """Do what a button under products means."""
        ...


class Wishes(Protocol):
    """Stored wishes; each is what `to_data` makes of it."""

    async def wish(
        self, author: str, conversation: str, *, message: str = ""
    ) -> Mapping[str, Any] | None:
        """Return what a person wants in a conversation; None for nothing.

        Args:
            author: Key of the person.
            conversation: Its key; empty: what counts in all of them.
            message: Id of the message that is answered: what an earlier attempt at its answer
                stored is left out of account.
        """
        ...

    async def keep(
        self, author: str, conversation: str, wish: Mapping[str, Any], *, message: str
    ) -> None:
        """Store what a person wants; see `wish`."""
        ...
