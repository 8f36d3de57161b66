"""Keys of conversations and ids of messages: the only place that knows their form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

_SEPARATOR = ":"


@dataclass(frozen=True, slots=True, order=True)
class ConversationKey:
    """Where a conversation takes place; as text, `platform:app:channel[:thread]`.

    Attributes:
        platform: Name of the adapter.
        app: The platform's id of our app, without a workspace: a channel that two workspaces
            share is one channel.
        channel: The platform's id of the channel or of the direct messages.
        thread: The platform's id of the thread; empty where the channel is the conversation.

    >>> key = ConversationKey.parse("chat:A1:C1:1700000000.000100")
    >>> key.channel, key.thread, str(key.without_thread())
    ('C1', '1700000000.000100', 'chat:A1:C1')
    >>> str(key.message("1700000000.000200"))
    'chat:A1:C1:1700000000.000200'
    """

    platform: str
    app: str
    channel: str
    thread: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key.

        Raises:
            ValueError: The text is no key: a part is missing or empty.
        """
        platform, app, channel, thread = _parts(text, "conversation key")
        return cls(platform, app, channel, thread)

    @property
    def prefix(self) -> str:
        """What the keys and ids of everything of this app on this platform begin with."""
        return f"{self.platform}{_SEPARATOR}{self.app}{_SEPARATOR}"

    def without_thread(self) -> ConversationKey:
        """Return the key of the channel itself."""
        return replace(self, thread="")

    def in_thread(self, thread: str) -> ConversationKey:
        """Return the key of a thread of the same channel."""
        return replace(self, thread=thread)

    def message(self, platform_id: str) -> MessageId:
        """Return the id of a message in this channel."""
        return MessageId(self.platform, self.app, self.channel, platform_id)

    def __str__(self) -> str:
        """Write the key as storage and logs hold it."""
        return _SEPARATOR.join(filter(None, (self.platform, self.app, self.channel, self.thread)))


@dataclass(frozen=True, slots=True, order=True)
class MessageId:
    """Identity of one message; as text, `platform:app:channel:platform_id`.

    Attributes:
        platform_id: What the platform calls the message; unique within the channel.

    >>> MessageId.parse("chat:7:42:command-9").platform_id
    'command-9'
    """

    platform: str
    app: str
    channel: str
    platform_id: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an id.

        Raises:
            ValueError: The text is no id: a part is missing or empty.
        """
        platform, app, channel, platform_id = _parts(text, "message id")
        if not platform_id:
            raise ValueError(f"{text!r} is no message id: the platform's own id is missing")
        return cls(platform, app, channel, platform_id)

    @property
    def conversation(self) -> ConversationKey:
        """The channel that the message stands in, without its thread: an id does not name it."""
        return ConversationKey(self.platform, self.app, self.channel)

    def __str__(self) -> str:
        """Write the id as storage and logs hold it."""
        return _SEPARATOR.join((self.platform, self.app, self.channel, self.platform_id))


def _parts(text: str, what: str) -> tuple[str, str, str, str]:
    """Split at the first three separators: ids of platforms may hold further ones."""
    platform, app, channel, *rest = [*text.split(_SEPARATOR, 3), "", ""][:4]
    if not (platform and app and channel):
        raise ValueError(f"{text!r} is no {what}: write platform:app:channel and what follows")
    return platform, app, channel, rest[0] if rest else ""
