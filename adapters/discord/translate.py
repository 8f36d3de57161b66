"""Translates messages, presses and commands of Discord into our events.

Ids: a message is `discord:APP:CHANNEL:MESSAGE`, a press `discord:APP:CHANNEL:press:INTERACTION`,
a command `discord:APP:CHANNEL:command:INTERACTION`.
Conversations: `discord:APP:CHANNEL` for direct messages, `discord:APP:CHANNEL:THREAD` elsewhere.
A thread made from a message has that message's id, so a mention in a plain channel already
belongs to the thread that the answer will open. People have one id on all of Discord, hence the
constant workspace in `discord:discord:USER`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import discord

from adapters.discord.content import attachments_of, formatted_of, is_empty, text_of
from adapters.discord.heard import BUTTON_PREFIX, MENU_PREFIX, asks_as_bot, buttons_of, menus_of
from adapters.discord.text import ids_of, mentioned
from bot.addressing import Addressees
from bot.conversations.key import AuthorKey, ConversationKey
from bot.messages import (
    Addressing,
    Author,
    Message,
    Pressed,
    Readers,
    Received,
)

PLATFORM: Final = "discord"

_WRITTEN = (discord.MessageType.default, discord.MessageType.reply)

Channel = (
    discord.TextChannel
    | discord.VoiceChannel
    | discord.StageChannel
    | discord.Thread
    | discord.DMChannel
    | discord.GroupChannel
    | discord.PartialMessageable
)


def to_received(
    message: discord.Message,
    *,
    me: discord.ClientUser,
    app: int,
    channel: Channel | None = None,
    bots: frozenset[str] = frozenset(),
) -> Received | None:
    """Translate a message, or return None for what is none of our business.

    Args:
        message: As the gateway or the history brought it.
        me: The bot's own user.
        app: The application's id.
        channel: Where the message stands, when it is better known than the message tells.
        bots: Ids of bots and webhooks that may ask.
    """
    is_bot = message.author.bot or message.webhook_id is not None
    if message.type not in _WRITTEN or (is_bot and not asks_as_bot(message, bots)):
        return None
    place = channel or message.channel
    addressing = _addressing(message, place, me)
    if _is_hidden(message, addressing, me):
        return None
    ours = ids_of(me, message.guild)
    return Received(
        Message(
            id=_in_channel(app, message.channel.id, message.id),
            conversation=_conversation(app, place, message, me),
            author=_author(message.author, is_bot=is_bot),
            text=text_of(message, place, ours),
            formatted=formatted_of(message, place, ours),
            sent_at=message.created_at,
            # discord.py changes a message at hand when it is edited before we come to read it
            edited_at=message.edited_at,
            addressing=addressing,
            attachments=attachments_of(message),
            readers=readers_of(place),
            to=_addressees(message, me),
        )
    )


def _is_hidden(message: discord.Message, addressing: Addressing, me: discord.ClientUser) -> bool:
    """Return whether Discord empties a message for a bot without the message content intent.

    It leaves what is direct and what pings the bot, replies with that switched on among them.
    """
    seen = addressing is Addressing.DIRECT or me in message.mentions
    return is_empty(message) and not seen


def to_pressed(
    interaction: discord.Interaction[discord.Client], *, me: discord.ClientUser
) -> Pressed | None:
    """Translate the press of one of our buttons, or return None for any other interaction."""
    data: Mapping[str, Any] = interaction.data or {}  # shaped by the kind of interaction
    custom_id = str(data.get("custom_id", ""))
    message = used_message(interaction, "press", me=me)
    if message is None or interaction.message is None:
        return None
    post = str(interaction.message.id)
    if custom_id.startswith(MENU_PREFIX) and data.get("values"):
        chosen = str(data["values"][0])
        return Pressed(replace(message, text=_option(interaction.message, chosen)), chosen, post)
    if not custom_id.startswith(BUTTON_PREFIX):
        return None
    message = replace(message, text=_label(interaction.message, custom_id))
    return Pressed(message, custom_id.removeprefix(BUTTON_PREFIX), post)


def used_message(
    interaction: discord.Interaction[discord.Client], kind: str, *, me: discord.ClientUser
) -> Message | None:
    """Return identity, author and place of what was used under a post; None outside of any."""
    post, channel = interaction.message, interaction.channel
    if post is None or channel is None:
        return None
    app = interaction.application_id
    if post.flags.ephemeral:
        addressing, conversation = Addressing.EPHEMERAL, _channel_key(interaction)
    else:
        addressing = Addressing.DIRECT if is_direct(post.channel) else Addressing.THREAD
        conversation = _conversation(app, post.channel, post, me)
    return Message(
        id=_in_channel(app, channel.id, interaction.id, kind),
        conversation=conversation,
        author=_author(interaction.user, locale=str(interaction.locale)),
        text="",
        sent_at=interaction.created_at,
        addressing=addressing,
        # direct messages between two people are of the same type: only the context tells
        readers=Readers.OTHERS if interaction.context.private_channel else readers_of(post.channel),
        token=interaction.token,
    )


def to_commanded(interaction: discord.Interaction[discord.Client], words: str) -> Received:
    """Translate a use of a command into the message that it stands for.

    Args:
        interaction: As the gateway brought it.
        words: The command as somebody would type it, with its slash.
    """
    app = interaction.application_id
    return Received(
        Message(
            id=_in_channel(app, interaction.channel_id, interaction.id, "command"),
            conversation=_channel_key(interaction),
            author=_author(interaction.user, locale=str(interaction.locale)),
            text=words,
            sent_at=interaction.created_at,
            addressing=Addressing.COMMAND,
            # a command can be used between two people as well: only this tells
            readers=Readers.AUTHOR if interaction.context.dm_channel else Readers.OTHERS,
            token=interaction.token,
        )
    )


def to_asked(interaction: discord.Interaction[discord.Client], question: str) -> Received:
    """Translate a question that was asked with a command; see `to_commanded`."""
    message = to_commanded(interaction, question.strip()).message
    return Received(replace(message, addressing=Addressing.EPHEMERAL))


def readers_of(place: Channel) -> Readers:
    """Return who can read a place, by its type as Discord told it."""
    return Readers.AUTHOR if is_direct(place) else Readers.OTHERS


def is_direct(place: Channel) -> bool:
    """Return whether a place is somebody's direct messages, as far as its type is known."""
    return place.type is discord.ChannelType.private


def _channel_key(interaction: discord.Interaction[discord.Client]) -> str:
    """Return the conversation of what nobody else sees in a channel: none of its threads."""
    place = interaction.channel
    channel = place.parent_id if isinstance(place, discord.Thread) else interaction.channel_id
    return str(ConversationKey(PLATFORM, str(interaction.application_id), str(channel)))


def _conversation(
    app: int, place: Channel, message: discord.Message, me: discord.ClientUser
) -> str:
    if is_direct(place):
        return str(ConversationKey(PLATFORM, str(app), str(place.id)))
    if isinstance(place, discord.Thread):
        return str(ConversationKey(PLATFORM, str(app), str(place.parent_id), str(place.id)))
    root = str(_root(message, me))
    return str(ConversationKey(PLATFORM, str(app), str(message.channel.id), root))


def _in_channel(app: int, channel: int | None, number: int, kind: str = "") -> str:
    return str(ConversationKey(PLATFORM, str(app), str(channel)).message(number, kind))


def _root(message: discord.Message, me: discord.ClientUser) -> int:
    """Return the id of the message that began an exchange of replies with the bot.

    Where the bot may not open threads it answers with replies; a reply to one of its answers goes
    on with the conversation that the answer belongs to.
    """
    root, step = message.id, message
    while step.reference is not None:
        mine = step.author.id == me.id
        if mine:
            root = step.reference.message_id or root
        earlier = _replied_to(step.reference)
        if earlier is None or not (mine or earlier.author.id == me.id):
            break
        step = earlier
    return root


def _replied_to(reference: discord.MessageReference) -> discord.Message | None:
    """Return the message that is replied to, when it is at hand; None for a forwarded one."""
    if reference.type is not discord.MessageReferenceType.reply:
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    return reference.cached_message


def _addressing(message: discord.Message, place: Channel, me: discord.ClientUser) -> Addressing:
    if is_direct(place):
        return Addressing.DIRECT
    replied_to = _replied_to(message.reference) if message.reference is not None else None
    to_us = replied_to is not None and replied_to.author.id == me.id
    if to_us or ids_of(me, message.guild) & mentioned(message):
        return Addressing.MENTION
    is_post = isinstance(place, discord.Thread) and place.id == message.id  # the first of a forum's
    in_thread = isinstance(place, discord.Thread) and not is_post
    return Addressing.THREAD if in_thread else Addressing.AMBIENT


def _addressees(message: discord.Message, me: discord.ClientUser) -> Addressees:
    """Return whom a message speaks to beside us."""
    ours = ids_of(me, message.guild)
    people = tuple(author_key(each) for each in sorted(mentioned(message) - ours))
    if message.type is not discord.MessageType.reply or message.reference is None:
        return Addressees(people)
    earlier, parent = _replied_to(message.reference), message.reference.message_id
    is_ours = earlier is None or earlier.author.id == me.id
    reply_to = "" if earlier is None or is_ours else author_key(earlier.author.id)
    return Addressees(people, reply_to, str(parent or ""))


def author_key(user: int) -> str:
    """Return the key of a person."""
    return str(AuthorKey(PLATFORM, PLATFORM, str(user)))


def _author(
    user: discord.User | discord.Member, locale: str = "", *, is_bot: bool = False
) -> Author:
    roles = user.roles if isinstance(user, discord.Member) else ()
    return Author(
        key=author_key(user.id),
        name=user.display_name,
        locale=locale,
        roles=tuple(str(role.id) for role in roles if not role.is_default()),
        bot=is_bot,
    )


def _label(message: discord.Message, custom_id: str) -> str:
    """Return what the pressed button says."""
    return next((b.label or "" for b in buttons_of(message) if b.custom_id == custom_id), "")


def _option(message: discord.Message, value: str) -> str:
    """Return what the option says that was chosen in a menu."""
    options = (each for menu in menus_of(message) for each in menu.options)
    return next((each.label for each in options if each.value == value), "")
