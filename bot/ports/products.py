"""Port of recommendations: what customers want of products."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol


class Attitude(StrEnum):
    """What a customer thinks of something that a message names."""

    WANT = "want"
    LIKE = "like"
    """It would be nice."""

    AVOID = "avoid"
    ANY = "any"
    """It does not matter."""

    PAST = "past"
    """They have it, had it, or somebody else does."""


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
