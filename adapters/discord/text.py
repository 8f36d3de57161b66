"""Mentions in Discord's text: whom a message names."""

from __future__ import annotations

import re

import discord

MENTION = re.compile(r"<(?P<kind>@[!&]?|#)(?P<id>\d+)>")
"""A mention of a person, a role or a channel, as it stands in a text."""


def ids_of(me: discord.ClientUser, guild: discord.Guild | None) -> set[int]:
    """Return what mentions the bot: itself, and the role of the same name that Discord gave it.

    Clients offer both when somebody types the bot's name.
    """
    role = guild.self_role if guild is not None else None
    return {me.id} if role is None else {me.id, role.id}


def mentioned(message: discord.Message) -> set[int]:
    """Return the ids of people and roles that a message mentions, in the text alone as well."""
    listed = {each.id for each in (*message.mentions, *message.role_mentions)}
    written = (each for each in MENTION.finditer(message.content) if each["kind"] != "#")
    return listed | {int(each["id"]) for each in written}
