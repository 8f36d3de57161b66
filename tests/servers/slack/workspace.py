"""What a Slack workspace holds: its app, channels and messages."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

ALL_SCOPES = (
    "app_mentions:read,assistant:write,channels:history,chat:write,commands,files:read,"
    "files:write,groups:history,"
    "im:history,im:write,metadata.message:read,mpim:history,reactions:write,users:read"
)


@dataclass
class Channel:
    """A place to write in; `kind` as in an event's `channel_type`."""

    id: str
    kind: str = "channel"
    archived: bool = False
    has_bot: bool = True


@dataclass
class Post:
    """A message, written by a person or by the bot.

    Attributes:
        only_for: The one user who sees an ephemeral message.
        edits: How often it was updated.
        pings: Whom Slack would notify because of what it says.
        edited: When its author changed it, as Slack stamps it; empty: never.
        subtype: `tombstone` for a deleted message that has replies.
        streaming: It is a stream that is not stopped.
        streamed: Markdown that its stream has shown, call by call.
        stood: What each call about it made it say.
        files: As Slack describes them.
        reactions: Names of the emoji that the bot reacted with.
    """

    ts: str
    channel: str
    user: str
    text: str
    thread_ts: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    only_for: str = ""
    edits: int = 0
    pings: list[str] = field(default_factory=list)
    edited: str = ""
    subtype: str = ""
    streaming: bool = False
    streamed: list[str] = field(default_factory=list)
    stood: list[str] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)

    @property
    def markdown(self) -> str:
        """What its markdown blocks say."""
        return "".join(block["text"] for block in self.blocks if block["type"] == "markdown")

    @property
    def thumbs(self) -> list[dict[str, Any]]:
        """Its feedback buttons, each with the block that they stand in."""
        return [
            {**element, "block_id": block.get("block_id", "")}
            for block in self.blocks
            if block["type"] == "context_actions"
            for element in block["elements"]
        ]

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Its buttons, each with the block that it stands in."""
        return [
            {**element, "block_id": block.get("block_id", "")}
            for block in self.blocks
            if block["type"] == "actions"
            for element in block["elements"]
        ]

    def as_message(
        self, *, with_metadata: bool, bot_user: str, bot_id: str, app: str = "A1"
    ) -> dict[str, Any]:
        """Return it as `conversations.history` does."""
        message: dict[str, Any] = {
            "type": "message",
            "ts": self.ts,
            "user": self.user,
            "text": self.text,
        }
        if self.user == bot_user:
            message |= {"bot_id": bot_id, "app_id": app, "blocks": self.blocks}
        if self.files:
            message["files"] = self.files
        if self.thread_ts:
            message["thread_ts"] = self.thread_ts
        if self.edited:
            message["edited"] = {"user": self.user, "ts": self.edited}
        if self.subtype:
            message["subtype"] = self.subtype
        if with_metadata and self.metadata:
            message["metadata"] = self.metadata
        return message


@dataclass
class Workspace:
    """One workspace with one app installed."""

    team: str = "T1"
    app: str = "A1"
    bot_user: str = "UBOT"
    bot_id: str = "B1"
    bot_token: str = "xoxb-1-valid"
    app_token: str = "xapp-1-valid"
    scopes: str = ALL_SCOPES
    app_scopes: str = "connections:write"
    config_token: str = "xoxe.xoxp-1-valid"
    manifest: dict[str, Any] = field(default_factory=dict)
    app_of_bot: str = "A1"
    socket_mode: bool = True
    revoked: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    emails: dict[str, dict[str, str]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    grouped: set[str] = field(default_factory=set)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: list[Post] = field(default_factory=list)
    statuses: list[tuple[str, str, str]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    groups: dict[str, set[str]] = field(default_factory=dict)
    _by_place: dict[tuple[str, str], Post] = field(default_factory=dict)
    _counter: itertools.count[int] = field(default_factory=itertools.count)
    _epoch: int = field(default_factory=lambda: int(time.time()))

    def __post_init__(self) -> None:
        for channel in (
            Channel("C1"),
            Channel("C2", archived=True),
            Channel("C3", has_bot=False),
            Channel("G1", kind="group"),
            Channel("G2", kind="mpim"),
        ):
            self.channels[channel.id] = channel

    @property
    def posts(self) -> list[Post]:
        """What the bot has posted, in order."""
        return [post for post in self.messages if post.user == self.bot_user]

    def channel(self, channel_id: str) -> Channel | None:
        """Return a channel; a direct conversation exists as soon as it is spoken of.

        The id of a person stands for the direct conversation with them.
        """
        if channel_id.startswith(("D", "U")) and channel_id not in self.channels:
            self.channels[channel_id] = Channel(channel_id, kind="im")
        return self.channels.get(channel_id)

    def pass_time(self, seconds: int) -> None:
        """Give what is written from now on later timestamps."""
        self._epoch += seconds

    def new_ts(self) -> str:
        """Return a timestamp that no other message has, later than all others."""
        seconds, fraction = divmod(next(self._counter), 10_000)
        return f"{self._epoch + seconds}.{fraction:04d}00"

    def add(self, message: Post) -> Post:
        """Keep a message."""
        self.messages.append(message)
        self._by_place[message.channel, message.ts] = message
        return message

    def remove(self, message: Post) -> None:
        """Delete a message."""
        self.messages.remove(message)
        del self._by_place[message.channel, message.ts]

    def find(self, channel: str, ts: str) -> Post | None:
        """Return one message."""
        return self._by_place.get((channel, ts))

    def thread(self, channel: str, ts: str) -> list[Post]:
        """Return the first message of a thread and its replies that everybody sees."""
        return [
            message
            for message in self.messages
            if message.channel == channel and ts in (message.ts, message.thread_ts)
            if not message.only_for
        ]

    def history(self, channel: str) -> list[Post]:
        """Return the messages of a channel outside of threads, newest first."""
        return [
            message
            for message in reversed(self.messages)
            if message.channel == channel and message.thread_ts in ("", message.ts)
            if not message.only_for
        ]
