"""What `doctor` checks of channels in which cases stand: threads, marks, files."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import discord

from adapters.discord.config import PORTAL, DiscordConfig, addressed, read_token
from adapters.discord.diagnostics import (
    AWAY,
    FOR_CASES,
    PERMISSIONS,
    SECONDS,
    WHERE,
    allowed_in,
    logged_in,
    reason_of,
)
from adapters.discord.errors import FAILURES
from bot.ports import Finding

_IN_FORUMS: Final = {
    "send_messages": "Create Posts",
    "send_messages_in_threads": "Send Messages in Posts",
}
"""What Discord's clients call permissions in a forum."""

_LOST: Final = {
    "add_reactions": "no line of staff shows whether it was sent",
    "attach_files": "no file reaches staff",
}
"""What does not work without a permission that cases can be worked without."""


async def examine_case_channels(
    config: DiscordConfig, environment: Mapping[str, str], channels: Sequence[str]
) -> Sequence[Finding]:
    """Check what the bot may do in channels of cases, and whether it can read lines of staff.

    Args:
        config: The section `discord:`.
        environment: Environment variables.
        channels: Ids of text channels and forums.
    """
    async with logged_in(addressed(config, environment), read_token(config, environment)) as bot:
        found = [finding for each in channels for finding in await _channel(bot, each)]
        return [*_content(bot), *found]


def _content(client: discord.Client) -> Iterator[Finding]:
    """Check that lines in the threads of cases can be read."""
    flags = client.application_flags
    if not (flags.gateway_message_content or flags.gateway_message_content_limited):
        found = (
            "lines in case threads cannot be read: `!send` sends nothing, edits and deletions go"
            " unseen; Reply, /reply and Send to customer work"
        )
        remedy = f"switch on Message Content Intent at {PORTAL} -> Privileged Gateway Intents"
        yield Finding("cases", "warn", found, remedy)


async def _channel(client: discord.Client, channel: str) -> Sequence[Finding]:
    about = f"the cases channel {channel}"
    try:
        async with asyncio.timeout(SECONDS):
            found = await client.fetch_channel(int(channel))
            allowed = await allowed_in(client, int(channel))
    except (ValueError, discord.NotFound):
        remedy = "copy the id from the channel, in the developer mode"
        return [Finding(about, "fail", f"{about} does not exist", remedy)]
    except discord.Forbidden:
        return [Finding(about, "fail", f"{about}: the bot lacks View Channel", WHERE)]
    except (*FAILURES, discord.DiscordException) as error:
        return [Finding(about, "warn", f"{about}: {reason_of(error)}", AWAY)]
    if not isinstance(found, discord.TextChannel | discord.ForumChannel):
        remedy = "name a text channel or a forum: each case gets a thread of its own"
        return [Finding(about, "fail", f"{about} can hold no threads", remedy)]
    findings = [*_lacking(about, found, allowed)]
    return findings or [Finding(about, "ok", f"{about}: cases can be opened and worked in")]


def _lacking(
    about: str, channel: discord.TextChannel | discord.ForumChannel, allowed: discord.Permissions
) -> Iterator[Finding]:
    """Return what the bot may not do, and what the forum wants that it cannot give."""
    is_forum = isinstance(channel, discord.ForumChannel)
    for permission, title in (PERMISSIONS | FOR_CASES).items():
        if getattr(allowed, permission) or (is_forum and permission == "create_public_threads"):
            continue
        shown = _IN_FORUMS.get(permission, title) if is_forum else title
        lost = _LOST.get(permission)
        found = f"{about}: the bot lacks {shown}" + (f": {lost}" if lost else "")
        yield Finding(about, "warn" if lost else "fail", found, WHERE)
    if isinstance(channel, discord.ForumChannel) and _wants_tag_in_vain(channel):
        found = f"{about} wants a tag for each post, and has none that the bot may choose"
        yield Finding(about, "fail", found, "Edit Channel -> Tags: add one for everybody")


def _wants_tag_in_vain(forum: discord.ForumChannel) -> bool:
    return forum.flags.require_tag and all(tag.moderated for tag in forum.available_tags)
