"""Threads of cases: a message with a thread in a text channel, a post of its own in a forum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import discord

from adapters.common.outgoing import OutgoingPosting
from adapters.discord.client import FrontdeskClient
from adapters.discord.destination import THREAD_EXISTS, UNTITLED, Destination
from adapters.discord.forum_posts import ARCHIVED_AFTER, ForumPosts
from adapters.discord.posted import PostedLookup
from adapters.discord.render import Post, posts
from adapters.discord.requests import Requests
from adapters.discord.sending import Sender
from bot.conversations.key import ConversationKey, MessageId
from bot.errors import AdapterError
from bot.ports import ReservedPost
from bot.text.shorten import shortened

TITLE_LIMIT: Final = 100


class CaseThreads:
    """Opens and finds threads of cases.

    Args:
        client: Logged in; its cache is asked first.
        requests: Bounds requests.
        sender: Sends messages once.
        posted: Finds what an earlier attempt made.
    """

    def __init__(
        self, client: FrontdeskClient, requests: Requests, sender: Sender, posted: PostedLookup
    ) -> None:
        self._client = client
        self._requests = requests
        self._sender = sender
        self._forums = ForumPosts(client, requests, posted)

    async def open(self, reserved: ReservedPost, posting: OutgoingPosting) -> Sequence[str]:
        """Open the thread of a case, once; return the ids of its messages.

        The first one is that of the thread as well: on Discord they are the same.

        Raises:
            ServiceUnavailable: Discord did not take it; worth another attempt.
            AdapterError: Discord will never take it.
        """
        channel = int(ConversationKey.parse(reserved.post.conversation).channel)
        async with self._requests.bounded("looking for the cases channel"):
            parent = await self._channel(channel)
        place = self._place(channel, reserved)
        first, *others = self._sender.readable(reserved.key, root_posts(reserved), place)
        if isinstance(parent, discord.ForumChannel):
            root = await self._forums.open(parent, reserved, _title(reserved), first)
        else:
            root = await self._in_channel(place, reserved, posting, first)
        if others:
            await self._sender.send_all(posting, self._place(root, reserved), others, "case")
        made = [MessageId.parse(each) for each in posting.posted]
        rest = [each.platform_id for each in made if each.channel == str(root)]
        return [str(root), *(each for each in rest if each != str(root))]

    async def channel_of_root(self, conversation: str) -> str:
        """Return the id of the channel that the first message of a case's thread stands in."""
        key = ConversationKey.parse(conversation)
        parent = await self._channel(int(key.channel))
        return key.thread if isinstance(parent, discord.ForumChannel) else key.channel

    async def _channel(self, channel: int) -> object:
        return self._client.get_channel(channel) or await self._client.fetch_channel(channel)

    def _place(self, channel: int, reserved: ReservedPost) -> Destination:
        messages = self._client.get_partial_messageable(channel)
        return Destination(messages, channel, reserved.post.readers)

    async def _in_channel(
        self, place: Destination, reserved: ReservedPost, posting: OutgoingPosting, first: Post
    ) -> int:
        """Post a message and make a thread from it; where that fails no message is left."""
        await self._sender.send_all(posting, place, [first], "case-root")
        root = int(MessageId.parse(posting.posted[0]).number)
        try:
            async with self._requests.bounded("opening the thread of a case"):
                await self._thread_from(place.id, root, _title(reserved))
        except AdapterError:
            await self._requests.delete(place, root)
            raise
        return root

    async def _thread_from(self, channel: int, root: int, title: str) -> None:
        try:
            await self._client.http.start_thread_with_message(
                channel, root, name=title, auto_archive_duration=ARCHIVED_AFTER
            )
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise


def root_posts(reserved: ReservedPost) -> list[Post]:
    """Return the messages that begin the thread of a case: the first one has buttons and files."""
    post, said = reserved.post, frozenset({reserved.post.visibility})
    first, *others = posts(post.markdown, visibilities=said) or [Post("", visibilities=said)]
    root = Post(first.text, (), said, None, post.case_buttons, reserved.contents)
    return [root, *others]


def _title(reserved: ReservedPost) -> str:
    """Return the name of a thread: none can be nameless."""
    return shortened(" ".join(reserved.post.title.split()), TITLE_LIMIT, "…") or UNTITLED
