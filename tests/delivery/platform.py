"""A platform of the tests: an adapter that posts into a list, and fails when told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.messages import Decision, DecisionKind, Done, Event, Part, Say
from bot.ports import Accept, Posting


class ListAdapter:
    """Posts a reply as one message once it is whole; remembers it by its place in the list."""

    name = "test"

    def __init__(self, *failures: Exception) -> None:
        self.posts: list[tuple[str, str]] = []
        self.attempts: list[tuple[str, int]] = []
        self.failures = list(failures)
        self.thinking_about: list[str] = []
        self.open_gate = asyncio.Event()
        self.open_gate.set()

    async def run(self, accept: Accept) -> None:
        raise NotImplementedError("the tests accept by themselves")

    async def close(self) -> None:
        """Nothing is open."""

    @asynccontextmanager
    async def thinking(self, event: Event) -> AsyncIterator[None]:
        self.thinking_about.append(event.message.id)
        yield

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        self.attempts.append((posting.event.message.id, posting.attempt))
        said = [part.markdown async for part in parts if isinstance(part, Say)]
        await self.open_gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        if said and not posting.posted:
            await posting.reserve()
            self.posts.append((posting.event.message.id, "".join(said)))
            await posting.remember(f"post {len(self.posts)}")


class Echo:
    """A responder that says what it was told, and nothing to "hush"."""

    def __init__(self, *failures: Exception, times: int = 1) -> None:
        self.failures = list(failures)
        self._times = times

    async def respond(self, event: Event) -> AsyncIterator[Part]:
        message = event.message
        if self.failures:
            raise self.failures.pop(0)
        if message.text != "hush":
            yield Say("you said: ")
            yield Say(message.text * self._times)
        yield Done(Decision(id=f"d:{message.id}", message_id=message.id, kind=DecisionKind.INTENT))
