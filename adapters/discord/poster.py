"""Posts replies, so that posting the same one again shows nothing twice."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import discord
import structlog

from adapters.common.outgoing import OutgoingPosting, said_in
from adapters.discord.button_presses import marked
from adapters.discord.client import NOBODY, FrontdeskClient
from adapters.discord.config import DiscordConfig
from adapters.discord.destination import Destination, Destinations
from adapters.discord.errors import translated
from adapters.discord.posted import PostedLookup
from adapters.discord.render import Post, Reply, posts, render
from adapters.discord.translate import PLATFORM
from bot.conversations.key import ConversationKey, MessageId
from bot.errors import AdapterError
from bot.messages import Part, Pressed, Readers, Visibility
from bot.ports import History, Posting, ReservedPost
from bot.privacy.disclosure import cleared

_log = structlog.get_logger(__name__)

THREAD_IS_ARCHIVED = 50083
DIRECT_MESSAGES_CLOSED = (50007, 50278)  # by the person, or for lack of a server in common
NONCE_LENGTH = 24  # Discord takes 25 characters


class _DirectMessagesClosed(AdapterError):
    """The person cannot be written to."""


class Poster:
    """Sends replies to where their events came from.

    What an earlier attempt remembered is skipped, and each message carries a nonce made from the
    event's id, by which Discord itself recognises it for some minutes. Later than that, a message
    that an earlier attempt may have posted is looked for where it would stand.

    Args:
        client: Logged in.
        config: The time that one request may take.
        past: What the bot has said before.
    """

    def __init__(
        self, client: FrontdeskClient, config: DiscordConfig, past: History | None = None
    ) -> None:
        self._client = client
        self._config = config
        self._destinations = Destinations(client)
        self._posted = PostedLookup(client, past)

    async def post(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Post a reply: public text in place, private text into direct messages.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it.
        """
        reply = await render(parts)
        if reply.aside and isinstance(posting.event, Pressed):
            await self._answer_press(posting, reply, posts(reply.private))
            return
        if reply.private and posting.event.message.readers is not Readers.AUTHOR:
            pointer = await self._tell_privately(posting, reply)
            others = reply.visibilities - {Visibility.PRIVATE}
            shown = [*posts(reply.public, visibilities=others), Post(pointer)]
        else:
            shown = posts(reply.everything, reply.buttons, reply.sources, reply.visibilities)
        if shown:
            async with self._request("opening a thread"):
                place = await self._destinations.of_answer(posting.event)
            await self._send_all(posting, place, shown, "shown", reply.language)

    async def deliver(self, reserved: ReservedPost) -> str:
        """Make a post of the outbox; return the ids of all messages that it became.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it.
        """
        async with self._request("looking for a thread"):
            channel = await self._destinations.channel_of(reserved.post.conversation)
        posting = OutgoingPosting.of(reserved, channel)
        self._posted.leave_out(reserved.standing)
        await self.post(posting, _said(reserved))
        return " ".join(MessageId.parse(each).platform_id for each in posting.posted)

    async def answer_unseen(self, posting: Posting, parts: AsyncIterator[Part]) -> None:
        """Answer what nobody else saw to its author alone: on the spot, else in direct messages.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it.
        """
        reply = await render(parts)
        shown = posts(reply.everything, reply.buttons, reply.sources, reply.visibilities)
        if isinstance(posting.event, Pressed):
            await self._answer_press(posting, reply, shown)
        elif shown:
            answer = partial(self._client.commands.answer, posting.event, shown)
            await self._answer_aside(posting, reply, "answering a command", answer)
        else:
            async with self._request("answering a command"):
                await self._client.commands.dismiss(posting.event)

    async def mark_used(self, pressed: Pressed) -> None:
        """Switch the buttons off of the post whose button was pressed.

        Raises:
            ServiceUnavailable: Discord is away.
            AdapterError: Discord refuses.
        """
        async with self._request("marking buttons"):
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
        async with self._request(doing):
            answered = await answer()
        if answered:
            await posting.remember(posting.event.message.id)
        else:
            await self._tell_privately(posting, reply)

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
            await self._send(place, post, nonce)

    async def _tell_privately(self, posting: Posting, reply: Reply) -> str:
        """Write to the author alone; return what to say about it in public."""
        try:
            async with self._request("opening direct messages"):
                direct = await self._destinations.direct(posting.event)
            unseen = posting.event.message.unseen
            text = reply.everything if unseen else reply.private or reply.public
            texts = posts(text, reply.buttons, reply.sources, reply.visibilities)
            await self._send_all(posting, direct, texts, "private", reply.language)
        except _DirectMessagesClosed:
            return self._client.wording.say("direct_messages_closed", reply.language)
        return self._client.wording.say("sent_privately", reply.language)

    async def _send_all(
        self,
        posting: Posting,
        place: Destination,
        messages: list[Post],
        purpose: str,
        language: str,
    ) -> None:
        question = posting.event.message
        stands = ConversationKey(PLATFORM, str(self._client.application_id), str(place.id))
        said = frozenset[Visibility]().union(*(each.visibilities for each in messages))
        if not cleared(question.id, said, place.readers):
            messages = [Post(self._client.wording.say("withheld", language))]
        done = sum(MessageId.parse(each).conversation == stands for each in posting.posted)
        standing: dict[int, int] = {}
        if posting.attempt > 1 and done < len(messages):
            async with self._request("looking for an earlier answer"):
                standing = await self._posted.find(question, place, messages)
        for number, message in enumerate(messages[done:], start=done):
            nonce = nonce_of(question.id, f"{purpose}-{number}")
            sent = standing.get(number) or await self._send(place, message, nonce)
            await posting.remember(str(stands.message(sent)))

    async def _send(self, place: Destination, message: Post, nonce: str) -> int:
        """Send one message; an archived thread that stays shut is reopened once."""
        async with self._request("posting a message"):
            try:
                return await _sent(place, message, nonce)
            except discord.HTTPException as error:
                if error.code != THREAD_IS_ARCHIVED:
                    raise
            _log.info("discord.thread_reopened", thread=place.id)
            await self._destinations.reopen(place)
            return await _sent(place, message, nonce)

    @asynccontextmanager
    async def _request(self, doing: str) -> AsyncIterator[None]:
        """Bound requests in time, and tell their failures in our errors."""
        with translated(doing):
            try:
                async with asyncio.timeout(self._config.timeout):
                    yield
            except discord.HTTPException as error:
                if error.code in DIRECT_MESSAGES_CLOSED:
                    raise _DirectMessagesClosed(f"discord: code {error.code}") from error
                raise


def nonce_of(message_id: str, part: str) -> str:
    """Return what Discord recognises a post by when it is sent again.

    >>> nonce_of("discord:1:2:3", "shown-0")
    '163eb907fd2d28693fc93172'
    """
    return hashlib.sha256(f"{message_id}#{part}".encode()).hexdigest()[:NONCE_LENGTH]


async def _said(reserved: ReservedPost) -> AsyncIterator[Part]:
    yield said_in(reserved)


async def _sent(place: Destination, message: Post, nonce: str) -> int:
    """Send, and return the id of what now stands there."""
    extras: dict[str, Any] = {"reference": place.reference, "view": message.view()}
    sent = await place.channel.send(
        message.text,
        nonce=nonce,
        allowed_mentions=NOBODY,
        suppress_embeds=True,
        **{name: value for name, value in extras.items() if value is not None},
    )
    return sent.id
