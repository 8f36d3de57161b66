"""Threads of cases: a message with a thread in a text channel, a post of its own in a forum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import discord

from adapters.common.outgoing import OutgoingPosting
from adapters.discord.client import NOBODY, FrontdeskClient
from adapters.discord.destination import THREAD_EXISTS, UNTITLED, Destination
from adapters.discord.posted import SKEW, PostedLookup, is_same
from adapters.discord.render import Post, posts
from adapters.discord.requests import Requests
from adapters.discord.sending import Sender
from bot.conversations.key import ConversationKey, MessageId
from bot.errors import AdapterError
from bot.ports import ReservedPost
from bot.text.shorten import shortened

TITLE_LIMIT: Final = 100
ARCHIVED_AFTER: Final = 10_080
"""Minutes without a message after which Discord puts a case's thread away: its longest."""

LOOKED_AT: Final = 50
"""Archived posts of a forum among which one that an earlier attempt made is looked for."""


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
        self._posted = posted

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
            root = await self._in_forum(parent, reserved, first)
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

    async def _in_forum(
        self, forum: discord.ForumChannel, reserved: ReservedPost, first: Post
    ) -> int:
        """Make a post of a forum; Discord knows no nonce there, so an earlier one is looked for."""
        if reserved.repeated:
            async with self._requests.bounded("looking for an earlier post of a forum"):
                earlier = await self._earlier(forum, reserved, first)
            if earlier is not None:
                return earlier

        async def make(post: Post) -> int:
            async with self._requests.bounded("opening a post of a forum"):
                made = await forum.create_thread(name=_title(reserved), **_starter(forum, post))
            return made.thread.id

        return await self._requests.posted(first, make)

    async def _earlier(
        self, forum: discord.ForumChannel, reserved: ReservedPost, first: Post
    ) -> int | None:
        """Return the post of a forum that an earlier attempt made; None: it made none."""
        since = discord.utils.time_snowflake(reserved.queued_at - SKEW)
        me = self._client.user
        archived = [each async for each in forum.archived_threads(limit=LOOKED_AT)]
        for thread in (*await forum.guild.active_threads(), *archived):
            ours = me is not None and thread.owner_id == me.id and thread.parent_id == forum.id
            if not ours or thread.id < since or self._posted.is_left_out(thread.id):
                continue
            messages = self._client.get_partial_messageable(thread.id)
            try:
                starter = await messages.fetch_message(thread.id)
            except discord.NotFound:
                continue
            if is_same(starter, first):
                return thread.id
        return None


def root_posts(reserved: ReservedPost) -> list[Post]:
    """Return the messages that begin the thread of a case: the first one has buttons and files."""
    post, said = reserved.post, frozenset({reserved.post.visibility})
    first, *others = posts(post.markdown, visibilities=said) or [Post("", visibilities=said)]
    root = Post(first.text, (), said, None, post.case_buttons, reserved.contents)
    return [root, *others]


def _title(reserved: ReservedPost) -> str:
    """Return the name of a thread: none can be nameless."""
    return shortened(" ".join(reserved.post.title.split()), TITLE_LIMIT, "…") or UNTITLED


def _starter(forum: discord.ForumChannel, post: Post) -> dict[str, Any]:
    """Return the first message of a post of a forum, as discord.py takes it."""
    extras: dict[str, Any] = {"view": post.view(), "files": post.uploads(), "content": post.text}
    if forum.flags.require_tag:
        free = [tag for tag in forum.available_tags if not tag.moderated]
        extras["applied_tags"] = free[:1]
    given = {name: value for name, value in extras.items() if value}
    return given | {
        "auto_archive_duration": ARCHIVED_AFTER,
        "allowed_mentions": NOBODY,
        "suppress_embeds": True,
    }
