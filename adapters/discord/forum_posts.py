"""Posts of forums, for which Discord knows no nonce: asked for once, and then looked for."""

from __future__ import annotations

import io
from typing import Any, Final

import discord
from discord.http import Route, handle_message_parameters

from adapters.discord.client import NOBODY
from adapters.discord.posted import SKEW, PostedLookup, is_same
from adapters.discord.render import Post
from adapters.discord.requests import Requests
from bot.errors import ServiceUnavailable
from bot.ports import ReservedPost

ARCHIVED_AFTER: Final = 10_080
"""Minutes without a message after which Discord puts a case's thread away: its longest."""

LOOKED_AT: Final = 50
"""Archived posts of a forum among which one that an earlier attempt made is looked for."""


class ForumPosts:
    """Opens posts of forums.

    Args:
        client: Logged in.
        requests: Bounds requests.
        posted: Knows what else was delivered.
    """

    def __init__(self, client: discord.Client, requests: Requests, posted: PostedLookup) -> None:
        self._client = client
        self._requests = requests
        self._posted = posted

    async def open(
        self, forum: discord.ForumChannel, reserved: ReservedPost, title: str, first: Post
    ) -> int:
        """Open a post of a forum, or find the one that an earlier attempt opened; return its id."""
        if reserved.repeated:
            async with self._requests.bounded("looking for an earlier post of a forum"):
                earlier = await self._earlier(forum, reserved, first)
            if earlier is not None:
                return earlier

        async def opened(post: Post) -> int:
            async with self._requests.bounded("opening a post of a forum"):
                return await self._opened(forum, title, post)

        return await self._requests.posted(first, opened)

    async def _opened(self, forum: discord.ForumChannel, title: str, first: Post) -> int:
        """Ask for a post; discord.py itself would ask again after an error of the server."""
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum.id)
        with handle_message_parameters(**_described(forum, title, first)) as parameters:
            uploads = [*(parameters.files or ()), _OnlyOnce()]
            body: dict[str, Any] = {"form": parameters.multipart}
            if not parameters.multipart:
                body = {"json": parameters.payload}
            nested = {"use_nested_fields": 1}
            made = await self._client.http.request(route, files=uploads, params=nested, **body)
        return int(made["id"])

    async def _earlier(
        self, forum: discord.ForumChannel, reserved: ReservedPost, first: Post
    ) -> int | None:
        """Return the post of a forum that an earlier attempt opened; None: it opened none."""
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


class _OnlyOnce(discord.File):
    """Goes along with a request that must not be made again: it may have had its effect."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), "")

    def reset(self, *, seek: int | bool = True) -> None:
        """Refuse to be sent a second time."""
        if seek:
            raise ServiceUnavailable("discord: opening a post of a forum: it was not confirmed")


def _described(forum: discord.ForumChannel, title: str, post: Post) -> dict[str, Any]:
    """Return a post of a forum with its first message, as discord.py takes them."""
    described: dict[str, Any] = {
        "allowed_mentions": NOBODY,
        "flags": discord.MessageFlags(suppress_embeds=True),
        "channel_payload": {"name": title, "auto_archive_duration": ARCHIVED_AFTER},
    }
    if forum.flags.require_tag:
        free = [str(tag.id) for tag in forum.available_tags if not tag.moderated]
        described["channel_payload"]["applied_tags"] = free[:1]
    parts = {"content": post.text, "view": post.view(), "files": post.uploads()}
    return described | {name: value for name, value in parts.items() if value}
