"""Where an answer goes: the thread of a conversation, direct messages, or a reply on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import discord
import structlog

from bot.conversations.key import AuthorKey, ConversationKey, MessageId
from bot.messages import Event, Message, Readers
from bot.text.shorten import shortened

_log = structlog.get_logger(__name__)

THREAD_EXISTS = 160004
THREAD_NAME_LENGTH = 80  # Discord takes 100
ARCHIVED_AFTER: Final = 1440  # minutes without a message; Discord's own default
UNTITLED = "…"

_NO_THREAD_HERE = (400, 403, 404)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event came from, by its ids.

    Attributes:
        channel: Where the message itself stands.
        parent: The conversation's channel.
        thread: The conversation's thread, which need not exist yet; None for direct messages.
        message: What an answer on the spot replies to.
    """

    channel: int
    parent: int
    thread: int | None
    message: int | None

    @classmethod
    def of(cls, event: Event) -> Place:
        """Read the ids of an event's message and conversation.

        >>> from datetime import datetime, UTC
        >>> from bot.messages import Author, Message, Received
        >>> who = Author("discord:discord:7")
        >>> now = datetime(2026, 1, 1, tzinfo=UTC)
        >>> said = Message("discord:1:20:21", "discord:1:20:21", who, "hello", now)
        >>> Place.of(Received(said))
        Place(channel=20, parent=20, thread=21, message=21)
        """
        message = MessageId.parse(event.message.id)
        key = ConversationKey.parse(event.message.conversation)
        root, own = int(key.thread) if key.thread else None, message.platform_id
        return cls(
            int(message.channel), int(key.channel), root, int(own) if own.isdecimal() else root
        )

    @property
    def is_open(self) -> bool:
        """Whether the conversation's place exists: the message stands in it already."""
        return self.thread is None or self.thread == self.channel


@dataclass(frozen=True, slots=True)
class Destination:
    """Where to send, and what to reply to when that is not clear from the place.

    Attributes:
        readers: Who can read it.
    """

    channel: discord.abc.Messageable
    id: int
    readers: Readers
    reference: discord.MessageReference | None = None


class Destinations:
    """Finds and opens places.

    Attributes:
        client: Logged in; its cache is asked first.
    """

    def __init__(self, client: discord.Client) -> None:
        self.client = client

    def of_message(self, event: Event) -> discord.PartialMessageable:
        """Return the channel where an event's message stands."""
        return self.client.get_partial_messageable(Place.of(event).channel)

    async def of_answer(self, event: Event) -> Destination:
        """Return where an event is answered; a thread is opened when it does not exist yet."""
        place, readers = Place.of(event), event.message.readers
        if place.is_open or place.thread is None:
            return self.channel(place.channel, readers)
        if await self._open_thread(place.parent, place.thread, _thread_name(event)):
            return self.channel(place.thread, readers)
        reference = _reply_to(place.message or place.thread, place.parent)
        return Destination(self.of_message(event), place.channel, readers, reference)

    async def of_earlier_answer(self, event: Event) -> Destination:
        """Return where an answer to an event stands, if there is one; nothing is opened for it."""
        place, readers = Place.of(event), event.message.readers
        channel = int(await self.channel_of(event.message.conversation))
        if place.thread is None or channel == place.thread:
            return self.channel(channel, readers)
        reference = _reply_to(place.message or place.thread, place.parent)
        return Destination(self.channel(channel, readers).channel, channel, readers, reference)

    async def channel_of(self, conversation: str) -> str:
        """Return the id of the channel that posts of a conversation belong to.

        That is its thread, once there is one; else the channel that a thread is opened in.
        """
        key = ConversationKey.parse(conversation)
        if not key.thread:
            return key.channel
        try:
            if self.client.get_channel(int(key.thread)) is None:
                await self.client.fetch_channel(int(key.thread))
        except discord.NotFound:
            return key.channel
        return key.thread

    async def direct(self, event: Event) -> Destination:
        """Return the direct messages with the author of an event."""
        user = int(AuthorKey.parse(event.message.author.key).user_id)
        channel = await self.client.create_dm(discord.Object(user))
        return Destination(channel, channel.id, Readers.AUTHOR)

    async def reopen(self, place: Destination) -> None:
        """Take a thread that sending alone does not reopen out of the archive."""
        channel = await self.client.fetch_channel(place.id)
        if isinstance(channel, discord.Thread):
            await channel.edit(archived=False)

    def channel(self, channel: int, readers: Readers) -> Destination:
        """Return a channel as a place to send to."""
        return Destination(self.client.get_partial_messageable(channel), channel, readers)

    async def _open_thread(self, channel_id: int, root: int, name: str) -> bool:
        """Make a thread from a message; False where that is impossible or not allowed."""
        channel = self.client.get_channel(channel_id)  # None when we only speak
        if channel is not None and not _may_open_threads(channel):
            return False
        if isinstance(channel, discord.TextChannel) and channel.get_thread(root) is not None:
            return True
        try:
            await self.client.http.start_thread_with_message(
                channel_id, root, name=name, auto_archive_duration=ARCHIVED_AFTER
            )
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS and error.status not in _NO_THREAD_HERE:
                raise
            if error.code != THREAD_EXISTS:
                _log.info("discord.no_thread", channel=channel_id, code=error.code)
            return error.code == THREAD_EXISTS
        return True


def _reply_to(message: int, channel: int) -> discord.MessageReference:
    """Return what makes a post a reply; one to a deleted message stands by itself."""
    return discord.MessageReference(
        message_id=message, channel_id=channel, fail_if_not_exists=False
    )


def message_link(client: discord.Client | None, message: Message) -> str:
    """Return the address of a message in a server; empty for direct messages."""
    place = MessageId.parse(message.id)
    channel = place.channel
    known = client.get_channel(int(channel)) if client and channel.isdecimal() else None
    guild = getattr(known, "guild", None)
    if guild is None:
        return ""
    where = f"https://discord.com/channels/{guild.id}/{channel}"
    return f"{where}/{place.platform_id}" if place.platform_id.isdecimal() else where


def _may_open_threads(channel: object) -> bool:
    if not isinstance(channel, discord.TextChannel):
        return False
    allowed = channel.permissions_for(channel.guild.me)
    return allowed.create_public_threads and allowed.send_messages_in_threads


def _thread_name(event: Event) -> str:
    """Name a thread after what was asked in the open; threads cannot be nameless."""
    asked = " ".join(event.message.text.split())
    return shortened(asked, THREAD_NAME_LENGTH) or event.message.author.name or UNTITLED
