"""What the tests of the outbox share: posts, and a platform that takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.ports import OutgoingPost, ReservedPost
from tests.delivery.platform import ListAdapter


def post(number: int, conversation: str = "test:app:one", **values: object) -> OutgoingPost:
    """A post whose text says which one it is."""
    made = OutgoingPost(conversation, f"line {number}", f"act-{number}", "test:team:ann")
    return replace(made, **values)  # type: ignore[arg-type]


class Postbox(ListAdapter):
    """A platform that remembers the keys of posts, and fails when told to.

    Attributes:
        made: Conversation and text of each post, in their order.
        refusals: Raised in turn, before a post is made.
        losses: Raised in turn, after a post is made: its answer is lost.
        failing: Conversations in which every post fails, with what it raises.
        gate: Open unless a test shuts it; a post waits at it once it has begun.
    """

    def __init__(self) -> None:
        super().__init__()
        self.made: list[tuple[str, str]] = []
        self.attempts_made: list[tuple[str, bool]] = []
        self.refusals: list[Exception] = []
        self.losses: list[Exception] = []
        self.failing: dict[str, Exception] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self._known: dict[str, str] = {}

    async def deliver(self, reserved: ReservedPost) -> str:
        outgoing = reserved.post
        self.attempts_made.append((outgoing.markdown, reserved.repeated))
        await self.gate.wait()
        if outgoing.conversation in self.failing:
            raise self.failing[outgoing.conversation]
        if self.refusals:
            raise self.refusals.pop(0)
        if reserved.repeated and reserved.key in self._known:
            return self._known[reserved.key]
        self.made.append((outgoing.conversation, outgoing.markdown))
        platform_id = self._known[reserved.key] = f"post {len(self.made)}"
        if self.losses:
            raise self.losses.pop(0)
        return platform_id

    def texts(self, conversation: str = "test:app:one") -> list[str]:
        return [text for where, text in self.made if where == conversation]


async def eventually(condition: Callable[[], object]) -> None:
    """Wait for something to come true."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - the condition is about another task
            await asyncio.sleep(0.005)
