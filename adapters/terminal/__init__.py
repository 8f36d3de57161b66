"""The terminal: a chat with the bot for whoever teaches it, typed or piped in."""

from __future__ import annotations

from adapters.terminal.plugin import TerminalPlugin

__all__ = ["plugin"]

plugin = TerminalPlugin()
"""What the entry point `terminal` of the group `frontdesk.adapters` resolves to."""
