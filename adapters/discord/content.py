"""What a message of Discord says: its text, what was forwarded with it, and what came along."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import discord

from adapters.discord.files import source_of
from adapters.discord.formatted import clean_name, formatted
from adapters.discord.text import MENTION
from bot.messages import Attachment


def text_of(message: discord.Message, place: object, ours: set[int]) -> str:
    """Return what was typed, below the title of a forum post that it begins, and what it forwards.

    Mentions of the bot are left out, others stand as names.

    Args:
        message: The message.
        place: The channel or thread that it stands in, as far as it is known.
        ours: Ids whose mention is one of the bot.
    """
    names = {number: f"{sign}{name}" for number, (sign, name) in _mentioned(message).items()}

    def name(found: re.Match[str]) -> str:
        mentioned = int(found["id"])
        return "" if mentioned in ours else names.get(mentioned, found[0])

    return _below_title(message, place, lambda each: MENTION.sub(name, each))


def formatted_of(message: discord.Message, place: object, ours: set[int]) -> str:
    """Return the same as `text_of`, as Markdown for people to read; empty when it is no other."""
    names = {number: clean_name(*each) for number, each in _mentioned(message).items()}
    names |= dict.fromkeys(ours, "")
    shown = _below_title(message, place, lambda each: formatted(each, names))
    return "" if shown == text_of(message, place, ours) else shown


def _mentioned(message: discord.Message) -> Mapping[int, tuple[str, str]]:
    """Return sign and name of whom and what a message mentions, by id."""
    people = {each.id: ("@", each.display_name) for each in message.mentions}
    roles = {each.id: ("@", each.name) for each in message.role_mentions}
    return people | roles | {each.id: ("#", each.name) for each in message.channel_mentions}


def _below_title(message: discord.Message, place: object, read: Callable[[str], str]) -> str:
    """Return what was typed and forwarded, below the title of a forum post that it begins."""
    said = [message.content, *(each.content for each in message.message_snapshots)]
    texts = [text for text in (read(each).strip() for each in said) if text]
    title = _title(message, place)
    if title and not any(text.startswith(title) for text in texts):
        texts.insert(0, title)
    return "\n\n".join(texts)


def attachments_of(message: discord.Message) -> tuple[Attachment, ...]:
    """Return files, stickers and the poll of a message, and those of what it forwards."""
    found = [*_sent(message, message)]
    for each in message.message_snapshots:
        found += _sent(each, message)
    if message.poll is not None:
        answers = ", ".join(answer.text for answer in message.poll.answers)
        found.append(Attachment(f"{message.poll.question} ({answers})", "poll"))
    return tuple(found)


def is_empty(message: discord.Message) -> bool:
    """Return whether there is nothing to read, as where Discord lets the bot read nothing."""
    return not (
        message.content
        or message.attachments
        or message.stickers
        or message.message_snapshots
        or message.poll
    )


def _sent(
    part: discord.Message | discord.MessageSnapshot, message: discord.Message
) -> Iterator[Attachment]:
    for file in part.attachments:
        source = source_of(message, file)
        yield Attachment(file.filename, file.content_type or "", file.size, source)
    for sticker in part.stickers:
        yield Attachment(sticker.name, "sticker")


def _title(message: discord.Message, place: object) -> str:
    """Return the title of the forum post that a message begins; empty for any other message.

    The first message of a forum post has the post's id. In a thread that was made from a message
    no message has: that one stands outside.
    """
    begins = isinstance(place, discord.Thread) and place.id == message.id
    return " ".join(place.name.split()) if begins and isinstance(place, discord.Thread) else ""
