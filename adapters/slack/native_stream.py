"""Slack's own streaming of a post in a thread: started, appended to, stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.common.pacing import Pace
from adapters.slack.client import ask
from adapters.slack.destination import Destination
from adapters.slack.errors import FAILURES, error_code, retry_after, translate
from adapters.slack.posted import stamp_of
from adapters.slack.render import Post
from bot.conversations.key import AuthorKey
from bot.errors import AccessLost, AdapterError, ServiceUnavailable

STOPS: Final = 18
"""Streams begun a minute: Slack takes 20 calls or more of `chat.startStream` and `stopStream`."""

APPENDS: Final = 90
"""Calls of `chat.appendStream` a minute; Slack takes 100 or more."""

_ENDED: Final = "message_not_in_streaming_state"
"""Slack's name for a stream that it has ended by itself."""

_UNKNOWN: Final = {"unknown_method", "method_deprecated", "not_allowed_token_type", "HTTP 404"}
"""How a Slack says that it has no such method, now or ever; it is not asked again."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class NativeStream:
    """One post that is being streamed.

    Attributes:
        ts: Its timestamp.
        said: Markdown that it shows.
        open: Slack takes more of it; false also once Slack has ended it by itself.
    """

    ts: str
    said: str
    open: bool = True


class NativeStreams:
    """Starts, continues and ends streams in one workspace.

    Args:
        client: Waits when Slack asks for it.
        impatient: Fails instead.
    """

    def __init__(self, client: AsyncWebClient, impatient: AsyncWebClient) -> None:
        self._client = client
        self._impatient = impatient
        self._unknown = False
        self._open = 0
        self._starts, self._stops = Pace(STOPS), Pace(STOPS)
        self.appends = Pace(APPENDS)

    def possible(self, destination: Destination) -> bool:
        """Return whether a stream may be started: Slack has them in threads only."""
        ends = self._stops.used() + self._open  # those of a minute, and those to come
        room = self._starts.used() < STOPS and ends < STOPS and not self._unknown
        return room and bool(destination.place.thread and stamp_of(destination.message))

    async def start(self, destination: Destination, markdown: str) -> NativeStream | None:
        """Start a stream with its first text; None where Slack does not take one.

        Raises:
            ServiceUnavailable: Slack is away; the stream may have been started.
            AccessLost: The token is not valid.
        """
        author = AuthorKey.parse(destination.message.author.key)
        request = self._client.chat_startStream(
            channel=destination.place.channel,
            thread_ts=destination.place.thread,
            markdown_text=markdown,
            recipient_team_id=author.workspace or None,
            recipient_user_id=author.user_id,
        )
        self._starts.count()
        try:
            ts = str((await ask(request, "chat.startStream"))["ts"])
        except AccessLost:
            raise
        except (AdapterError, ServiceUnavailable) as error:
            self._unknown = any(code in str(error) for code in _UNKNOWN)
            if isinstance(error, ServiceUnavailable) and not self._unknown:
                raise
            _log.info("slack.no_stream", reason=str(error))
            return None
        self._open += 1
        return NativeStream(ts, markdown)

    async def append(self, channel: str, stream: NativeStream, post: Post) -> None:
        """Show more of a post; what does not continue what is shown waits for the end.

        Raises:
            ServiceUnavailable: Slack did not take it.
        """
        markdown = post.markdown
        more = markdown.removeprefix(stream.said)
        goes_on = post.streamable and markdown.startswith(stream.said)
        if not goes_on or not more.strip():
            return
        self.appends.count()
        try:
            await self._impatient.chat_appendStream(
                channel=channel, ts=stream.ts, markdown_text=more
            )
        except FAILURES as error:
            self.appends.hold(retry_after(error))
            if not isinstance(error, SlackApiError) or retry_after(error):
                raise translate(error, "chat.appendStream") from error
            await self._refused(channel, stream, error_code(error))
        else:
            stream.said = markdown

    async def stop(
        self, channel: str, stream: NativeStream, post: Post, metadata: dict[str, Any]
    ) -> bool:
        """End a stream with all that its post says; False where the post must be updated for that.

        Raises:
            ServiceUnavailable: Slack is away.
            AccessLost: The token is not valid.
        """
        markdown, extras = post.markdown, [b for b in post.blocks if b["type"] != "markdown"]
        if not stream.open:
            return False
        whole = post.streamable and markdown.startswith(stream.said)
        if not whole:
            await self.end(channel, stream)
            return False
        self.release(stream)
        self._stops.count()
        request = self._client.chat_stopStream(
            channel=channel,
            ts=stream.ts,
            markdown_text=markdown[len(stream.said) :] or None,
            blocks=extras or None,
            metadata=metadata,
        )
        try:
            await ask(request, "chat.stopStream")
        except AccessLost:
            raise
        except AdapterError as error:
            await self._refused(channel, stream, str(error))
            return False
        return True

    async def end(self, channel: str, stream: NativeStream) -> None:
        """End a stream as it stands; nothing is raised when that fails."""
        self.release(stream)
        self._stops.count()
        try:
            await self._impatient.chat_stopStream(channel=channel, ts=stream.ts)
        except FAILURES as error:
            _log.info("slack.stream_not_ended", error=type(error).__name__)

    async def end_earlier(self, channel: str, ts: str) -> None:
        """End what an interrupted attempt may have left in the state of a stream."""
        await self.end(channel, NativeStream(ts, "", open=False))

    async def _refused(self, channel: str, stream: NativeStream, reason: str) -> None:
        """Note that Slack takes no more of a stream: the post is updated from now on."""
        _log.info("slack.stream_ended", reason=reason)
        self.release(stream)
        if _ENDED not in reason:
            await self.end(channel, stream)

    def release(self, stream: NativeStream) -> None:
        """Count a stream as open no more."""
        self._open -= stream.open
        stream.open = False
