"""Translates Discord's edits and deletions of messages into our events.

Discord also sends an update when it shows the preview of a link; nobody has edited that message.
A deletion tells where a message stood, and nothing else of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import discord

from adapters.discord.translate import PLATFORM, Channel, readers_of, to_received
from bot.conversations.key import ConversationKey, MessageId
from bot.messages import Addressing, Author, Deleted, Edited, Message, Readers


def to_edited(
    message: discord.Message,
    *,
    me: discord.ClientUser,
    app: int,
    channel: Channel | None = None,
    before: discord.Message | None = None,
    bots: frozenset[str] = frozenset(),
) -> Edited | None:
    """Translate a message as it reads after an edit; None when nobody has edited it.

    Args:
        message: As the gateway or the history brought it.
        me: The bot's own user.
        app: The application's id.
        channel: Where the message stands, when it is better known than the message tells.
        before: The message as it was, where it is still at hand.
        bots: Ids of bots that may ask.
    """
    if message.edited_at is None or (before is not None and _says(before) == _says(message)):
        return None
    received = to_received(message, me=me, app=app, channel=channel, bots=bots)
    if received is None:
        return None
    stamp = int(message.edited_at.timestamp() * 1000)
    place = ConversationKey(PLATFORM, str(app), str(message.channel.id))
    identity = str(place.message(f"{message.id}-{stamp}", "edit"))
    original = replace(received.message, edited_at=None)
    return Edited(replace(original, id=identity), original.id, message.edited_at)


def to_deleted(
    message_id: int,
    channel_id: int,
    *,
    app: int,
    channel: object = None,
    direct: bool = False,
    now: datetime | None = None,
) -> Deleted:
    """Return the deletion of a message of which nothing but its place is known.

    Args:
        message_id: Discord's id of the message.
        channel_id: Where it stood.
        app: The application's id.
        channel: The same, where it is at hand.
        direct: It stood in somebody's direct messages.
        now: When it was deleted, or missed; None: now.
    """
    key = ConversationKey(PLATFORM, str(app), str(channel_id))
    place, addressing = key.in_thread(str(message_id)), Addressing.AMBIENT
    readers = Readers.OTHERS
    if direct:
        place, addressing, readers = key, Addressing.DIRECT, Readers.AUTHOR
    elif isinstance(channel, discord.Thread):
        parent = ConversationKey(PLATFORM, str(app), str(channel.parent_id))
        place, addressing = parent.in_thread(str(channel_id)), Addressing.THREAD
        readers = readers_of(channel)
    gone = Message(
        id=str(key.message(message_id, "deletion")),
        conversation=str(place),
        author=Author(""),
        text="",
        sent_at=now or datetime.now(UTC),
        addressing=addressing,
        readers=readers,
    )
    return Deleted(gone, str(key.message(message_id)))


def missing(message_id: str) -> Deleted:
    """Return the deletion of a stored message that stands in no history any more."""
    key = MessageId.parse(message_id)
    return to_deleted(int(key.number), int(key.channel), app=int(key.app))


def _says(message: discord.Message) -> tuple[str, tuple[int, ...]]:
    """Return what a person put into a message: text and files."""
    return message.content, tuple(file.id for file in message.attachments)
