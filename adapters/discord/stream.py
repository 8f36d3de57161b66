"""A reply that is shown while it is made: a message in its thread, made longer by edits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from adapters.common.pacing import Pace, Paces
from adapters.discord.destination import Destination
from adapters.discord.render import Post, posts, render
from adapters.discord.requests import Requests, Standing, nonce_of
from adapters.discord.status import type_in
from bot.conversations.key import ConversationKey
from bot.errors import AdapterError, ServiceUnavailable
from bot.messages import Part, Readers, Say
from bot.ports import Posting

SHOWN = "shown"
"""Purpose of what is posted where the question stands, in nonces."""

_log = structlog.get_logger(__name__)


class ReplyStream:
    """Shows the beginning of one reply; its end is the poster's.

    Attributes:
        place: Where the reply stands; None as long as nothing was opened for it.
        standing: What is posted of it, by number.
        uncertain: Discord may have taken a post that it did not confirm.

    Args:
        requests: Sends and edits.
        posting: The attempt.
        key: Returns the key of the conversation that a place holds.
        opened: Opens the place.
        paces: Limits of channels.
    """

    def __init__(
        self,
        requests: Requests,
        posting: Posting,
        key: Callable[[Destination], ConversationKey],
        opened: Callable[[], Awaitable[Destination]],
        paces: Paces,
    ) -> None:
        self._requests = requests
        self._posting = posting
        self._key = key
        self._opened = opened
        self._paces = paces
        self._typing: asyncio.Task[None] | None = None
        self._pace: Pace | None = None
        self.place: Destination | None = None
        self.standing: dict[int, Standing] = {}
        self.uncertain = False

    @property
    def pace(self) -> Pace:
        """What the next edit counts against: the limit of the channel."""
        if self._pace is None:
            where = self.place.id if self.place else self._posting.event.message.conversation
            self._pace = self._paces.of(str(where))
        return self._pace

    async def prepare(self) -> None:
        """Open the thread that the answer will stand in, and type there."""
        try:
            self.place = await self._opened()
        except (ServiceUnavailable, AdapterError) as error:  # said again when there is an answer
            _log.info("discord.place_not_opened", reason=str(error))
            return
        if self.place.reference is None:
            self._typing = asyncio.create_task(type_in(self.place.channel))

    async def show(self, parts: Sequence[Part]) -> None:
        """Send the text so far, or what there is more of it; sources and buttons come last."""
        if self.place is None:
            self.place = await self._opened()
        reply = render([part for part in parts if isinstance(part, Say)])
        alone = self._posting.event.message.readers is Readers.AUTHOR
        text = reply.everything if alone else reply.public
        for number, post in enumerate(posts(text, visibilities=reply.visibilities)):
            earlier = self.standing.get(number)
            if earlier is not None and earlier.says(post):
                continue
            await self._posting.reserve()
            if earlier is not None:
                await self._edit(self.place, earlier.id, post)
                self.standing[number] = Standing(earlier.id, post.text)
                continue
            question = self._posting.event.message
            about = question.id
            nonce = nonce_of(about, f"{SHOWN}-{number}", question.revision)
            try:
                sent = await self._requests.send(self.place, post, nonce, about)
            except ServiceUnavailable:
                self.uncertain = True
                raise
            await self.quiet()
            self.standing[number] = sent
            await self._posting.remember(str(self._key(self.place).message(sent.id)))

    async def _edit(self, place: Destination, message: int, post: Post) -> None:
        """Change a message; where Discord makes us wait, the next edit comes later."""
        began = self.pace.now()
        self.pace.count()
        about = self._posting.event.message.id
        await self._requests.edit(place, message, post, about)
        self.pace.hold(self.pace.now() - began)

    async def abandon(self) -> None:
        """Stop typing: nothing will follow."""
        await self.quiet()

    async def quiet(self) -> None:
        """Stop typing."""
        if self._typing is not None:
            self._typing.cancel()
            await asyncio.wait([self._typing])
            self._typing = None
