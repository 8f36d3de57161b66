"""Discord's text: whom it mentions, and what was typed, as a person reads it."""

from __future__ import annotations

import re

import discord

_MENTION = re.compile(r"<(?P<kind>@[!&]?|#)(?P<id>\d+)>")


def ids_of(me: discord.ClientUser, guild: discord.Guild | None) -> set[int]:
    """Return what mentions the bot: itself, and the role of the same name that Discord gave it.

    Clients offer both when somebody types the bot's name.
    """
    role = guild.self_role if guild is not None else None
    return {me.id} if role is None else {me.id, role.id}


def mentioned(message: discord.Message) -> set[int]:
    """Return the ids of people and roles that a message mentions, in the text alone as well."""
    listed = {each.id for each in (*message.mentions, *message.role_mentions)}
    written = (each for each in _MENTION.finditer(message.content) if each["kind"] != "#")
    return listed | {int(each["id"]) for each in written}


def read_text(message: discord.Message, me: discord.ClientUser) -> str:
    """Return what was typed, without mentions of the bot, other mentions as names."""
    ours = ids_of(me, message.guild)
    names = {user.id: f"@{user.display_name}" for user in message.mentions}
    names |= {role.id: f"@{role.name}" for role in message.role_mentions}
    names |= {channel.id: f"#{channel.name}" for channel in message.channel_mentions}

    def name(found: re.Match[str]) -> str:
        mentioned = int(found["id"])
        return "" if mentioned in ours else names.get(mentioned, found[0])

    return _MENTION.sub(name, message.content).strip()
