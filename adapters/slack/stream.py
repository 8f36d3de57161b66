"""A reply that is shown while it is made: streamed by Slack in threads, else by edits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from adapters.common.pacing import Pace
from adapters.common.waiting import InFlight
from adapters.slack.destination import Destination
from adapters.slack.posted import PostedMessage
from adapters.slack.poster import Begun, Poster
from adapters.slack.render import Post, render
from bot.errors import ServiceUnavailable
from bot.messages import Part, Say
from bot.ports import Posting


class ReplyStream:
    """Shows the beginning of one reply; its end is the poster's.

    Attributes:
        begun: What is shown of it.

    Args:
        poster: Posts and edits.
        posting: The attempt.
        settled: Waits for the status that the first post will clear.
        in_flight: Counts requests, for a shutdown.
    """

    def __init__(
        self,
        poster: Poster,
        posting: Posting,
        settled: Callable[[], Awaitable[object]],
        in_flight: InFlight,
    ) -> None:
        self._in_flight = in_flight
        self._poster = poster
        self._posting = posting
        self._settled = settled
        self._destination = Destination.of(posting.event.message, private=False)
        self.begun = Begun()

    @property
    def pace(self) -> Pace:
        """What the next edit counts against."""
        native = self.begun.native is not None and self.begun.native.open
        return self._poster.native.appends if native else self._poster.updates

    async def prepare(self) -> None:
        """Do nothing: a place on Slack is always ready, and the status is shown elsewhere."""

    async def show(self, parts: Sequence[Part]) -> None:
        """Post the text so far, or what there is more of it; sources and buttons come last."""
        says = [part for part in parts if isinstance(part, Say)]
        for number, post in enumerate(render(says, self._destination.place.thread).posts):
            earlier = self.begun.standing.get(number)
            if earlier is None or earlier.digest != post.digest:
                with self._in_flight:
                    await self._posting.reserve()
                    await self._make(number, post, earlier)

    async def abandon(self) -> None:
        """End Slack's stream, so that nothing seems to follow."""
        if self.begun.native is not None and self.begun.native.open:
            with self._in_flight:
                await self._poster.native.end(self._destination.place.channel, self.begun.native)

    def release(self) -> None:
        """Count Slack's stream no more: what an interrupted attempt leaves, the next one ends."""
        if self.begun.native is not None:
            self._poster.native.release(self.begun.native)

    async def _make(self, number: int, post: Post, earlier: PostedMessage | None) -> None:
        """Make one post say what it is to say by now."""
        if earlier is None:
            await self._begin(number, post)
            return
        if number == 0 and self.begun.native is not None and self.begun.native.open:
            channel = self._destination.place.channel
            await self._poster.native.append(channel, self.begun.native, post)
            if self.begun.native.open:
                return
        await self._poster.edit(self._destination, number, post, earlier.ts)
        self.begun.standing[number] = PostedMessage(earlier.ts, post.digest)

    async def _begin(self, number: int, post: Post) -> None:
        """Make a post stand for the first time, and note it."""
        await self._settled()
        try:
            ts = await self._first(number, post)
        except ServiceUnavailable:
            self.begun.uncertain = True
            raise
        digest = "" if self.begun.native is not None and self.begun.native.ts == ts else post.digest
        self.begun.standing[number] = PostedMessage(ts, digest)
        await self._posting.remember(ts)

    async def _first(self, number: int, post: Post) -> str:
        native = self._poster.native
        if number == 0 and post.streamable and native.possible(self._destination):
            self.begun.native = await native.start(self._destination, post.markdown)
            if self.begun.native is not None:
                return self.begun.native.ts
        return await self._poster.begin(self._destination, number, post)
