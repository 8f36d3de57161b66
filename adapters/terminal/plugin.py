"""How the core makes a terminal adapter out of its section of config.yaml."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import platformdirs
from pydantic import Field

from adapters.terminal.adapter import TerminalAdapter
from adapters.terminal.live import LiveScreen
from adapters.terminal.plain import PlainScreen
from adapters.terminal.screen import Screen
from bot.cli.safe_console import SafeConsole
from bot.clock import SystemClock
from bot.config.types import Section
from bot.conversations.key import AuthorKey
from bot.messages import Author
from bot.ports import PlatformRules


class TerminalConfig(Section):
    """`terminal:` the chat in a terminal; needs no section to work."""

    history: Path | None = None
    """File that remembers what was typed; absent: a file in the user's state folder."""

    patience: Annotated[float, Field(gt=0)] = 60.0
    """Seconds to wait for an answer before asking for the next line."""

    welcome: str = ""
    """Markdown shown when the chat opens, unless its input or output is no terminal."""


class TerminalPlugin:
    """The `AdapterPlugin` of the terminal."""

    name = "terminal"
    config_model: type[object] = TerminalConfig
    rules = PlatformRules(title="the terminal")

    def build(self, section: object, environment: Mapping[str, str]) -> TerminalAdapter:
        """Make the adapter on standard input and output; nothing is read before `run`."""
        if not isinstance(section, TerminalConfig):
            raise TypeError(f"section is a {type(section).__name__}, not a TerminalConfig")
        user = getpass.getuser() if environment.get("USER") else "you"
        return TerminalAdapter(
            _screen(section, environment),
            Author(str(AuthorKey("terminal", "local", user)), user),
            SystemClock(),
            session=uuid4().hex[:12],
            patience=section.patience,
        )


def _screen(section: TerminalConfig, environment: Mapping[str, str]) -> Screen:
    """Choose how to talk: with escape codes only where they are understood and wanted."""
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    unwanted = environment.get("NO_COLOR") or environment.get("TERM") in {"dumb", "unknown"}
    if not terminal or unwanted:
        return PlainScreen(sys.stdin, sys.stdout)
    history = section.history or platformdirs.user_state_path("frontdesk") / "chat-history"
    console = SafeConsole(highlight=False, markup=False, emoji=False)
    return LiveScreen(console, history=history, welcome=section.welcome)
