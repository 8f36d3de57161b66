"""Files that are sent on: uploaded anew, and shared in one post of their own, once.

Slack shares uploaded files a moment after it was asked to, and tells neither when nor where in its
answer; the post takes no metadata. It is known again by the id of its one block.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import ask
from adapters.slack.destination import Place
from adapters.slack.errors import code_of
from adapters.slack.text import harmless
from bot.errors import AccessLost, AdapterError, ServiceUnavailable
from bot.ports.outbox import FileContent
from bot.text.shorten import shortened

FILES_BLOCK: Final = "frontdesk_files:"
"""What the id of the block begins with."""

SEPARATOR: Final = "+"
"""Between the timestamp of the post and the ids of its files."""

_PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 4.0)
"""Seconds between looks whether files are shared: the next post is to stand below them."""

_NAME_LIMIT: Final = 120
_NAMES_LIMIT: Final = 2_000  # a section takes 3,000 characters
_DONE: Final = frozenset({"file_not_found", "file_deleted"})

_log = structlog.get_logger(__name__)


class Uploads:
    """Shares files, and takes them back."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def upload(self, files: Sequence[FileContent]) -> Sequence[str]:
        """Upload files, which nobody sees until they are shared; return their ids.

        Raises:
            ServiceUnavailable: Slack is away.
            AdapterError: Slack will never take them.
        """
        return [await self._upload(file) for file in files]

    async def share(
        self, place: Place, key: str, files: Sequence[FileContent], ids: Sequence[str]
    ) -> str:
        """Share uploaded files in a place, in their order; return what names their post.

        Args:
            place: Channel and thread.
            key: What their post is known by.
            files: At least one.
            ids: What `upload` returned for them.

        Raises:
            ServiceUnavailable: Slack is away; the files may be shared.
            AdapterError: Slack will never take them.
        """
        request = self._client.files_completeUploadExternal(
            files=[
                {"id": each, "title": file.name or None}
                for each, file in zip(ids, files, strict=True)
            ],
            channel_id=place.channel,
            thread_ts=place.thread or None,
            blocks=json.dumps([_block(key, files)]),
        )
        try:
            await ask(request, "files.completeUploadExternal")
        except ServiceUnavailable:
            stamp = await self._shared_at(place.channel, ids[0])  # it may have been carried out
            if not stamp:
                raise
        else:
            stamp = await self._shared_at(place.channel, ids[0])
        return SEPARATOR.join([stamp, *ids])

    async def find(self, place: Place, key: str, oldest: str) -> str:
        """Return what names the post of an earlier attempt; empty when there is none.

        Raises:
            ServiceUnavailable: Slack is away.
            AdapterError: Slack refuses for good.
        """
        window: dict[str, Any] = {"channel": place.channel, "oldest": oldest, "limit": 200}
        if place.thread:
            replies = self._client.conversations_replies(ts=place.thread, **window)
            answer = await ask(replies, "conversations.replies")
        else:
            answer = await ask(
                self._client.conversations_history(**window), "conversations.history"
            )
        for message in answer.get("messages") or ():
            if any(_is_ours(block, key) for block in message.get("blocks") or ()):
                ids = [str(file.get("id")) for file in message.get("files") or ()]
                return SEPARATOR.join([str(message["ts"]), *ids])
        return ""

    async def remove(self, shared: str) -> None:
        """Delete the files of a post; those that are gone stay gone.

        Raises:
            ServiceUnavailable: Slack is away.
            AdapterError: Slack refuses for good.
        """
        for file in shared.split(SEPARATOR)[1:]:
            try:
                await ask(self._client.files_delete(file=file), "files.delete")
            except AdapterError as error:
                if code_of(error) not in _DONE:
                    raise

    async def _upload(self, file: FileContent) -> str:
        """Upload the content of one file; return its id."""
        request = self._client.files_getUploadURLExternal(
            filename=file.name or "file", length=len(file.content)
        )
        answer = await ask(request, "files.getUploadURLExternal")
        timeout = aiohttp.ClientTimeout(total=self._client.timeout)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(
                    str(answer["upload_url"]), data=file.content, proxy=self._client.proxy
                ) as taken,
            ):
                if taken.status != 200:
                    raise ServiceUnavailable(f"slack: upload of a file: HTTP {taken.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ServiceUnavailable(f"slack: upload of a file: {type(error).__name__}") from error
        return str(answer["file_id"])

    async def _shared_at(self, channel: str, file: str) -> str:
        """Return the timestamp of the post that shares a file, once it does; empty: not told."""
        for pause in (*_PAUSES, 0.0):
            try:
                answer = await ask(self._client.files_info(file=file), "files.info")
            except AccessLost:
                raise
            except (AdapterError, ServiceUnavailable) as error:
                _log.info("slack.files_not_seen", reason=str(error))
                return ""
            for stamp in _stamps(answer.get("file") or {}, channel):
                return stamp
            await asyncio.sleep(pause)
        return ""


def _stamps(file: Mapping[str, Any], channel: str) -> Iterator[str]:
    """Yield the timestamps of the posts of a channel that share a file."""
    for channels in (file.get("shares") or {}).values():
        for share in channels.get(channel) or ():
            yield str(share.get("ts") or "")


def _block(key: str, files: Sequence[FileContent]) -> dict[str, Any]:
    """Return the block of the post; of Slack's own Markdown block it refuses this post."""
    names = ", ".join(shortened(file.name or "file", _NAME_LIMIT, "…") for file in files)
    text = harmless(shortened(f"📎 {names}", _NAMES_LIMIT, "…"))
    return {
        "type": "section",
        "block_id": f"{FILES_BLOCK}{key}",
        "text": {"type": "plain_text", "text": text},
    }


def _is_ours(block: Mapping[str, Any], key: str) -> bool:
    return block.get("block_id") == f"{FILES_BLOCK}{key}"
