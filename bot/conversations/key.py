"""Keys of conversations and people, ids of messages: the only place that knows their form."""

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
        return app_prefix(self.platform, self.app)

    def without_thread(self) -> ConversationKey:
        """Return the key of the channel itself."""
        return replace(self, thread="")

    def in_thread(self, thread: str) -> ConversationKey:
        """Return the key of a thread of the same channel."""
        return replace(self, thread=thread)

    def message(self, number: object, kind: str = "") -> MessageId:
        """Return the id of a message in this channel, or of an interaction.

        Args:
            number: What the platform calls it; unique within the channel and the kind.
            kind: What it is where it is no message: `press`, `command` ...
        """
        own = f"{kind}{_SEPARATOR}{number}" if kind else str(number)
        return MessageId(self.platform, self.app, self.channel, own)

    def __str__(self) -> str:
        """Write the key as storage and logs hold it."""
        return _SEPARATOR.join(filter(None, (self.platform, self.app, self.channel, self.thread)))


@dataclass(frozen=True, slots=True, order=True)
class MessageId:
    """Identity of one message; as text, `platform:app:channel:platform_id`.

    Attributes:
        platform_id: What the platform calls the message, with its kind where it is none.

    >>> press = MessageId.parse("forum:7:42:press:9")
    >>> press.platform_id, press.kind, press.number
    ('press:9', 'press', '9')
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
    def kind(self) -> str:
        """What it is where it is no message: `press`, `command` ...; empty for a message."""
        return self.platform_id.rpartition(_SEPARATOR)[0]

    @property
    def number(self) -> str:
        """What the platform itself calls the message or the interaction."""
        return self.platform_id.rpartition(_SEPARATOR)[2]

    @property
    def conversation(self) -> ConversationKey:
        """The channel that the message stands in, without its thread: an id does not name it."""
        return ConversationKey(self.platform, self.app, self.channel)

    def __str__(self) -> str:
        """Write the id as storage and logs hold it."""
        return _SEPARATOR.join((self.platform, self.app, self.channel, self.platform_id))


@dataclass(frozen=True, slots=True, order=True)
class AuthorKey:
    """Identity of one person; as text, `platform:workspace:user_id`.

    Attributes:
        workspace: Where the id is valid; empty where the platform does not tell.

    >>> AuthorKey.parse("chat:T1:U1").is_same_person(AuthorKey.parse("chat:T2:U1"))
    True
    """

    platform: str
    workspace: str
    user_id: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key.

        Raises:
            ValueError: The text is no key: the platform or the person's id is missing.
        """
        platform, _, rest = text.partition(_SEPARATOR)
        workspace, _, user_id = rest.rpartition(_SEPARATOR)
        if not (platform and user_id):
            raise ValueError(f"{text!r} is no person's key: write platform:workspace:user_id")
        return cls(platform, workspace, user_id)

    def is_same_person(self, other: AuthorKey) -> bool:
        """Return whether two keys name one person: platforms may vary the workspace."""
        return (self.platform, self.user_id) == (other.platform, other.user_id)

    def __str__(self) -> str:
        """Write the key as storage and logs hold it."""
        return _SEPARATOR.join((self.platform, self.workspace, self.user_id))


def app_prefix(platform: str, app: str = "") -> str:
    """Return what all keys and ids of a platform, or of one app on it, begin with.

    >>> app_prefix("chat"), app_prefix("forum", "7")
    ('chat:', 'forum:7:')
    """
    return "".join(f"{part}{_SEPARATOR}" for part in (platform, app) if part)


def app_source(platform: str, account: str) -> str:
    """Return the name of an account of ours in the table of first starts.

    >>> app_source("forum", "7")
    'forum:7'
    """
    return f"{platform}{_SEPARATOR}{account}"


def platform_of(text: str) -> str:
    """Return the platform of a conversation, a message or a person, whatever follows it.

    >>> platform_of("chat:A1:C1:1700000000.000100"), platform_of("x")
    ('chat', 'x')
    """
    return text.partition(_SEPARATOR)[0]


def channel_of(text: str) -> str:
    """Return the channel of a conversation or of a message as text, whatever follows it.

    >>> channel_of("chat:A1:C1:1700000000.000100")
    'chat:A1:C1'
    """
    return _SEPARATOR.join(text.split(_SEPARATOR)[:3])


def ending(user_id: str) -> str:
    """Return what the keys of a person end with, in whichever workspace.

    >>> ending("U1")
    ':U1'
    """
    return f"{_SEPARATOR}{user_id}"


def _parts(text: str, what: str) -> tuple[str, str, str, str]:
    """Split at the first three separators: ids of platforms may hold further ones."""
    platform, app, channel, *rest = [*text.split(_SEPARATOR, 3), "", ""][:4]
    if not (platform and app and channel):
        raise ValueError(f"{text!r} is no {what}: write platform:app:channel and what follows")
    return platform, app, channel, rest[0] if rest else ""
