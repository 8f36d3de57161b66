"""docs/cli.md and the command say the same."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.terminal.plugin import TerminalConfig
from bot.cli.app import COMMANDS, GROUPS

DOCUMENTATION = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()


def test_every_command_is_documented() -> None:
    documented = set(re.findall(r"(?m)^\| `(\w+)", DOCUMENTATION))
    assert {name for _, name, _ in (*COMMANDS, *GROUPS)} <= documented


def test_every_setting_of_the_terminal_is_documented() -> None:
    documented = set(re.findall(r"(?m)^  (\w+): ", DOCUMENTATION))
    assert {*TerminalConfig.model_fields} <= documented
