"""Posts replies, so that posting the same one again shows nothing twice."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import Final

from adapters.common.refused import ContentRefused, Refusals
from adapters.common.streaming import streamed
from adapters.discord.button_presses import marked
from adapters.discord.client import FrontdeskClient
from adapters.discord.config import DiscordConfig
from adapters.discord.destination import Destination, Destinations
from adapters.discord.posted import PostedLookup
from adapters.discord.render import Post, Reply, posts, render
from adapters.discord.requests import Requests, nonce_of
from adapters.discord.sending import Sender
from adapters.discord.stream import SHOWN, ReplyStream
from adapters.discord.whole_reply import whole
from bot.conversations.key import MessageId
from bot.errors import AdapterError
from bot.messages import Part, Pressed, Readers, Visibility
from bot.ports import History, Posting

_USED_UNDER_POSTS: Final = frozenset({"press", "vote", "act", "window"})
"""What is answered by a further post, since its first response belongs to the post above it."""


class Poster:
    """Sends replies to where their events came from.

    Args:
        client: Logged in.
        config: The time that one request may take.
        past: What the bot has said before.
        refusals: Posts in another form what Discord refuses; None: staff are told nothing.
    """

    def __init__(
        self,
        client: FrontdeskClient,
        config: DiscordConfig,
        past: History | None = None,
        refusals: Refusals | None = None,
    ) -> None:
        self._client = client
        self._config = config
        self._destinations = Destinations(client)
        self._requests = Requests(
            self._destinations, config.timeout, refusals or Refusals("Discord")
        )
        self._posted = PostedLookup(client, past)
        self._sender = Sender(client, self._destinations, self._requests, self._posted)

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Show a reply while it is made: public text in place, private text in direct messages.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it.
            StateChanged: A person took over meanwhile; what is posted stays.
        """
        stream = ReplyStream(
            self._requests,
            posting,
            self._sender.key,
            lambda: self._open(posting),
            self._client.paces,
        )
        try:
            reply = render(await streamed(posting, parts, stream))
            await self._finish(posting, reply, stream)
        finally:
            await stream.quiet()

    async def _finish(self, posting: Posting, reply: Reply, stream: ReplyStream) -> None:
        """Post a whole reply, of which a beginning may stand."""
        if reply.aside and isinstance(posting.event, Pressed):
            await self._answer_press(posting, reply, posts(reply.private))
            return
        if reply.private and posting.event.message.readers is not Readers.AUTHOR:
            pointer = await self._sender.tell_privately(posting, reply)
            others = reply.visibilities - {Visibility.PRIVATE}
            shown = [*posts(reply.public, visibilities=others), Post(pointer)]
        else:
            shown = whole(reply)
        if shown or posting.posted:
            place = stream.place or await self._open(posting)
            await self._sender.send_all(posting, place, shown, SHOWN, reply.language, stream)

    async def answer_unseen(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Answer what nobody else saw to its author alone: on the spot, else in direct messages.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it.
        """
        reply = render([part async for part in parts])
        shown = whole(reply)
        if MessageId.parse(posting.event.message.id).kind in _USED_UNDER_POSTS:
            await self._answer_press(posting, reply, shown)
        elif shown:
            answer = partial(self._client.commands.answer, posting.event, shown)
            await self._answer_aside(posting, reply, "answering a command", answer)
        else:
            async with self._requests.bounded("answering a command"):
                await self._client.commands.dismiss(posting.event)

    async def mark_used(self, pressed: Pressed) -> None:
        """Switch the buttons off of the post whose button was pressed.

        Raises:
            ServiceUnavailable: Discord is away.
            AdapterError: Discord refuses.
        """
        async with self._requests.bounded("marking buttons"):
            if await self._client.router.presses.mark(pressed) or pressed.message.unseen:
                return
            if pressed.post:
                channel = self._destinations.of_message(pressed)
                message = await channel.fetch_message(int(pressed.post))
                view = marked(message, pressed)
                if view is not None:
                    await message.edit(view=view)

    async def _answer_press(self, posting: Posting, reply: Reply, shown: Sequence[Post]) -> None:
        """Answer for the eyes of whoever pressed: on the spot, else in direct messages."""
        if shown:
            answer = partial(self._client.router.presses.answer, posting.event, shown)
            await self._answer_aside(posting, reply, "answering a press", answer)

    async def _answer_aside(
        self, posting: Posting, reply: Reply, doing: str, answer: Callable[[], Awaitable[bool]]
    ) -> None:
        """Answer by the token of an interaction, once; else in direct messages."""
        if posting.event.message.id in posting.posted:
            return
        await posting.reserve()
        try:
            async with self._requests.bounded(doing):
                answered = await answer()
        except ContentRefused:
            answered = False  # in direct messages it is posted as plain text
        if answered:
            await posting.remember(posting.event.message.id)
        else:
            await self._sender.tell_privately(posting, reply)

    async def withdraw(self, posting: Posting) -> None:
        """Delete what stands of a reply: what is known, and what an interrupted attempt has left.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it.
        """
        for each in posting.posted:
            key = MessageId.parse(each)
            if not key.kind:
                place = self._destinations.channel(int(key.channel), Readers.OTHERS)
                await self._requests.delete(place, int(key.number))
            await posting.forget(each)
        if posting.attempt > 1:
            question = posting.event.message
            async with self._requests.bounded("looking for an earlier answer"):
                place = await self._destinations.of_earlier_answer(posting.event)
                orphans = await self._posted.orphans(question, place)
            for orphan in orphans:
                await self._requests.delete(place, orphan)

    async def notify(self, channel: str, markdown: str) -> None:
        """Post into a channel of staff, by its id.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it, or the id is none.
        """
        if not channel.isdecimal():
            raise AdapterError(f"discord: {channel!r} is no channel id: copy it from the channel")
        place = self._destinations.channel(int(channel), Readers.STAFF)
        for number, post in enumerate(posts(markdown)):
            nonce = nonce_of(f"{channel}#{secrets.token_hex(8)}", f"announced-{number}")
            await self._requests.send(place, post, nonce)

    async def _open(self, posting: Posting) -> Destination:
        """Return where an event is answered; its thread is opened."""
        async with self._requests.bounded("opening a thread"):
            return await self._destinations.of_answer(posting.event)
