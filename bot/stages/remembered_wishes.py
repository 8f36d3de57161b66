"""What customers want of products, kept from one message to the next, and across conversations."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from bot.answering.recommendations.wish import Constraint, Wish, from_data, merged, to_data
from bot.ports import Wishes
from bot.responder import Turn

EVERYWHERE = ""
"""The conversation under which what counts in all of them is kept."""


class KnowsOrders(Protocol):
    """Knows what a customer ordered before."""

    async def wishes(self, turn: Turn) -> tuple[Constraint, ...]:
        """Return what it says of them; nothing without a proof of who they are."""
        ...


class RememberedWishes:
    """The `KeepsWishes` of a database.

    What was named in other conversations, or is known from orders, is only used where nobody else
    reads the answer.

    Args:
        stored: Keeps them.
        across: Remember them across conversations.
        past: Knows past orders; None: they are not looked at.
    """

    def __init__(
        self, stored: Wishes, *, across: bool = False, past: KnowsOrders | None = None
    ) -> None:
        self._stored = stored
        self._across = across
        self._past = past

    async def wish(self, turn: Turn) -> Wish:
        """Return what the author of a message wants."""
        message = turn.message
        author = message.author.key
        found = await self._stored.wish(author, message.conversation, message=message.id)
        if found is not None:
            return from_data(found)
        if not message.answered_alone:
            return Wish()
        begun = Wish()
        if self._past is not None:
            begun = replace(begun, soft=await self._past.wishes(turn))
        if self._across:
            known = await self._stored.wish(author, EVERYWHERE, message=message.id)
            before = from_data(known or {})
            begun = replace(begun, soft=merged(begun.soft, before.soft), like=before.like)
        return begun

    async def keep(self, turn: Turn, wish: Wish) -> None:
        """Store what they want now."""
        message = turn.message
        author = message.author.key
        await self._stored.keep(author, message.conversation, to_data(wish), message=message.id)
        if self._across and message.answered_alone:
            lasting = wish.softened()
            await self._stored.keep(author, EVERYWHERE, to_data(lasting), message=message.id)
