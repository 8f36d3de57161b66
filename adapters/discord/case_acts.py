"""Translates what staff do with cases: buttons, forms, `/reply`, and a command on a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import discord

from adapters.discord.case_ids import read_case_id
from adapters.discord.content import attachments_of, formatted_of, text_of
from adapters.discord.formatted import formatted
from adapters.discord.text import ids_of
from adapters.discord.translate import (
    PLATFORM,
    author_key,
    to_commanded,
    used_message,
)
from bot.conversations.key import ConversationKey
from bot.messages import Acted, Addressing, Message

Interaction = discord.Interaction[discord.Client]


def to_acted(interaction: Interaction, *, me: discord.ClientUser) -> Acted | None:
    """Translate the press of a button for staff, or the form that it opened; None for others.

    The text is what was written into the form; for `assign` what the act is about is who was
    chosen in it.
    """
    data: Mapping[str, Any] = interaction.data or {}  # shaped by the kind of interaction
    read = read_case_id(str(data.get("custom_id", "")))
    message = used_message(interaction, "act", me=me)
    if read is None or message is None:
        return None
    act, case, about = read
    written = "\n\n".join(filter(None, (str(each.get("value") or "") for each in _fields(data))))
    chosen = [str(each) for field in _fields(data) for each in field.get("values") or ()]
    if chosen:
        about = author_key(int(chosen[0]))
    message = replace(message, conversation=_thread_of(interaction) or message.conversation)
    return Acted(_unseen(message, written), act, case, about)


def to_replied(interaction: Interaction, text: str) -> Acted:
    """Translate a use of `/reply`: the case is that in whose thread it was used."""
    message = to_commanded(interaction, "").message
    message = replace(message, conversation=_thread_of(interaction) or message.conversation)
    return Acted(_unseen(message, text), "reply")


def to_sent(interaction: Interaction, line: discord.Message, *, me: discord.ClientUser) -> Acted:
    """Translate the command in the context menu of a line: its text and files are to be sent."""
    act, ours = to_replied(interaction, ""), ids_of(me, line.guild)
    key = ConversationKey(PLATFORM, str(interaction.application_id), str(line.channel.id))
    message = replace(
        act.message,
        text=text_of(line, None, ours),
        formatted=formatted_of(line, None, ours),
        attachments=attachments_of(line),
    )
    return Acted(message, "send", about=str(key.message(line.id)))


def _unseen(message: Message, text: str) -> Message:
    """Return the message of an act, whose answer whoever acted sees alone."""
    text = text.strip()
    shown = formatted(text, {})
    return replace(
        message,
        text=text,
        formatted="" if shown == text else shown,
        addressing=Addressing.EPHEMERAL,
    )


def _thread_of(interaction: Interaction) -> str:
    """Return the conversation of the thread in which something was used; empty outside of any."""
    place = interaction.channel
    if not isinstance(place, discord.Thread):
        return ""
    key = ConversationKey(PLATFORM, str(interaction.application_id), str(place.parent_id))
    return str(key.in_thread(str(place.id)))


def _fields(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the fields of a form."""
    for row in data.get("components") or ():
        yield from row.get("components") or (row.get("component") or {},)
