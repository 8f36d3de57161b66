"""Single posts through Slack's Web API: made, changed, removed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.common.pacing import Pace
from adapters.common.refused import Refusals
from adapters.slack.client import LONGEST_PAUSE, ask
from adapters.slack.destination import Place
from adapters.slack.render import Post

UPDATES, MOST_UPDATES = 45, 50
"""Calls of `chat.update` a minute: for what is shown while it is made, and what Slack takes."""

Metadata = Mapping[str, Any]

GONE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""Refusals of an update: the post was deleted, or can no longer be changed."""

KEPT: Final = frozenset(
    {"message_not_found", "cant_delete_message", "compliance_exports_prevent_deletion"}
)
"""Refusals of a deletion: the post was deleted already, or Slack keeps it."""


class PostCalls:
    """Makes, changes and removes posts; content that Slack refuses is posted as plain text.

    Every call raises `ServiceUnavailable` where Slack is away, `AdapterError` where it refuses.

    Attributes:
        updates: What edits count against.

    Args:
        client: Waits when Slack asks for it.
        impatient: Fails instead.
        refusals: Posts in another form what Slack refuses.
    """

    def __init__(
        self, client: AsyncWebClient, impatient: AsyncWebClient, refusals: Refusals
    ) -> None:
        self._client = client
        self._impatient = impatient
        self._refusals = refusals
        self.updates = Pace(UPDATES, most=MOST_UPDATES)

    async def make(self, place: Place, post: Post, metadata: Metadata, about: str) -> str:
        """Post where others can read it; return the timestamp.

        Args:
            place: Channel and thread.
            post: What it says.
            metadata: By which it is found again; empty: it never is.
            about: Id of the message that is answered; empty: staff hear of no refused content.
        """

        async def send(post: Post) -> str:
            request = self._client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread or None,
                unfurl_links=False,
                unfurl_media=False,
                metadata=dict(metadata) or None,
                **content_of(post),
            )
            return str((await ask(request, "chat.postMessage"))["ts"])

        return await self._refusals.posted(post, Post.plain, send, about)

    async def make_unseen(self, place: Place, user: str, post: Post, about: str) -> str:
        """Post what one person alone sees; return the timestamp."""

        async def send(post: Post) -> str:
            request = self._client.chat_postEphemeral(
                channel=place.channel,
                user=user,
                thread_ts=place.thread or None,
                **content_of(post),
            )
            return str((await ask(request, "chat.postEphemeral"))["message_ts"])

        return await self._refusals.posted(post, Post.plain, send, about)

    async def change(
        self,
        channel: str,
        ts: str,
        post: Post,
        metadata: Metadata,
        about: str,
        *,
        patient: bool = True,
    ) -> None:
        """Let a post say something else, as soon as Slack lets us, or at once."""
        client = self._client if patient else self._impatient
        if patient:
            await asyncio.sleep(min(self.updates.held(), LONGEST_PAUSE))

        async def send(post: Post) -> None:
            self.updates.count()
            request = client.chat_update(
                channel=channel, ts=ts, metadata=dict(metadata), **content_of(post)
            )
            await ask(request, "chat.update")

        await self._refusals.posted(post, Post.plain, send, about)

    async def remove(self, channel: str, ts: str) -> None:
        """Delete a post."""
        await ask(self._client.chat_delete(channel=channel, ts=ts), "chat.delete")


def content_of(post: Post) -> dict[str, Any]:
    """Return what a post says; Slack must turn nothing in it into names or links."""
    return {"text": post.text, "blocks": list(post.blocks), "parse": "none", "link_names": False}
