"""Where an answer goes: a thread, direct messages, or one person's eyes in a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.conversations.key import ConversationKey
from bot.messages import Message, Readers

PLATFORM: Final = "slack"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands and its answer belongs; the readable side of a conversation key.

    Attributes:
        thread: Timestamp of the thread's first message; empty in a direct message without one.
    """

    app: str
    channel: str
    thread: str = ""

    @property
    def key(self) -> str:
        """The conversation's key."""
        return str(self._key)

    @property
    def _key(self) -> ConversationKey:
        return ConversationKey(PLATFORM, self.app, self.channel, self.thread)

    def message(self, stamp: str, kind: str = "") -> str:
        """Return the id of a message in this channel, or of an interaction."""
        return str(self._key.message(stamp, kind))


def place_of(conversation: str) -> Place:
    """Read a conversation key back.

    >>> place_of("slack:A1:C1:1700000000.000100").thread
    '1700000000.000100'
    """
    key = ConversationKey.parse(conversation)
    return Place(key.app, key.channel, key.thread)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a reply goes.

    Attributes:
        readers: Who can read it where it will stand.
        private: It is shown to the author of the message alone, in a place where others read.
    """

    message: Message
    place: Place
    readers: Readers
    private: bool

    @classmethod
    def of(cls, message: Message, *, private: bool) -> Destination:
        """Return where a reply to a message goes.

        Args:
            message: The message.
            private: The reply is for the author alone.
        """
        place = place_of(message.conversation)
        aside = private or message.unseen
        alone = aside and message.readers is not Readers.AUTHOR
        return cls(message, place, Readers.AUTHOR if alone else message.readers, alone)
