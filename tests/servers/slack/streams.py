"""Posts that Slack streams in a thread: started, appended to, stopped; it may end them itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.servers.slack.blocks import Refused, check_blocks, notified
from tests.servers.slack.workspace import Channel, Post, Workspace

Arguments = Mapping[str, Any]
MARKDOWN_LIMIT = 12_000


class Streams:
    """The methods `chat.startStream`, `chat.appendStream` and `chat.stopStream`."""

    def __init__(self, workspace: Workspace, writable: Callable[[Arguments], Channel]) -> None:
        self._workspace = workspace
        self._writable = writable

    def methods(self) -> dict[str, Callable[[Arguments], dict[str, Any]]]:
        """Return the methods by their names."""
        return {
            "chat.startStream": self._start,
            "chat.appendStream": self._append,
            "chat.stopStream": self._stop,
        }

    def _start(self, arguments: Arguments) -> dict[str, Any]:
        channel = self._writable(arguments)
        thread = arguments.get("thread_ts") or ""
        root = self._workspace.find(channel.id, thread)
        if root is None or root.only_for:
            raise Refused("thread_not_found" if thread else "invalid_arguments")
        if channel.kind != "im" and not (
            arguments.get("recipient_team_id") and arguments.get("recipient_user_id")
        ):
            raise Refused("missing_recipient_user_id")
        post = Post(
            ts=self._workspace.new_ts(),
            channel=channel.id,
            user=self._workspace.bot_user,
            text="",
            thread_ts=thread,
            arguments=dict(arguments),
            streaming=True,
        )
        self._say(post, arguments.get("markdown_text") or "")
        self._workspace.add(post)
        return {"channel": channel.id, "ts": post.ts}

    def _append(self, arguments: Arguments) -> dict[str, Any]:
        post = self._open(arguments)
        if not arguments.get("markdown_text"):
            raise Refused("no_text")
        self._say(post, arguments["markdown_text"])
        return {"channel": post.channel, "ts": post.ts}

    def _stop(self, arguments: Arguments) -> dict[str, Any]:
        post = self._open(arguments)
        if arguments.get("markdown_text"):
            self._say(post, arguments["markdown_text"])
        post.blocks += check_blocks(arguments.get("blocks") or [])
        post.metadata = arguments.get("metadata") or {}
        post.streaming = False
        return {"channel": post.channel, "ts": post.ts}

    def _open(self, arguments: Arguments) -> Post:
        channel = self._writable(arguments)
        post = self._workspace.find(channel.id, arguments.get("ts", ""))
        if post is None:
            raise Refused("message_not_found")
        if not post.streaming:
            raise Refused("message_not_in_streaming_state")
        return post

    @staticmethod
    def _say(post: Post, markdown: str) -> None:
        if len(markdown) > MARKDOWN_LIMIT:
            raise Refused("msg_too_long")
        if markdown:
            post.streamed.append(markdown)
        whole = "".join(post.streamed)
        post.blocks = [{"type": "markdown", "text": whole}] if whole else []
        post.text = whole
        post.pings = notified(whole, post.blocks)
        post.stood.append(whole)
