"""Discord: direct messages, mentions, threads, forum posts and buttons, through discord.py."""

from __future__ import annotations

from adapters.discord.plugin import DiscordPlugin

__all__ = ["plugin"]

plugin = DiscordPlugin()
"""What the entry point `discord` of the group `frontdesk.adapters` resolves to."""
