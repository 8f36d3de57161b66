"""Shared options of the commands, config loading and consoles."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.text.control_characters import escape_controls

PIPE_WIDTH = 100
"""Width of tables in a pipe or file."""

if TYPE_CHECKING:
    from rich.console import Console

    from bot.config.schema import Config

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="config.yaml to use.", show_default="./config.yaml"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def environment() -> Mapping[str, str]:
    """Return the environment variables of the process."""
    return os.environ


def settings(path: Path | None, *, log_level: str = "WARNING", warn: bool = True) -> Config:
    """Load the configuration that a command works with; send logs to standard error.

    Args:
        path: The file, as `load_config` takes it.
        log_level: Of what is logged.
        warn: Print on standard error what the file says in the terms of an earlier version.

    Raises:
        ConfigError: It is not usable.
    """
    from bot import logs
    from bot.config.schema import load_config

    logs.configure(level=log_level)
    config = load_config(path, environment())
    for warning in config.warnings if warn else ():
        stderr().print(str(warning), soft_wrap=True)
    return config


def stdout() -> Console:
    """Return the console for data: coloured on a terminal, else plain and not wrapped."""
    return _console(stderr=False)


def stderr() -> Console:
    """Return the console for progress and remarks."""
    return _console(stderr=True)


def print_json(data: object) -> None:
    """Print one JSON document."""
    typer.echo(escape_controls(json.dumps(data, ensure_ascii=False, indent=2)))


def _console(*, stderr: bool) -> Console:
    from bot.cli.safe_console import SafeConsole

    console = SafeConsole(stderr=stderr, highlight=False, markup=False, emoji=False)
    if console.is_terminal and not environment().get("NO_COLOR"):
        return console
    # Rich's own `no_color` would leave bold and italic in.
    width = None if console.is_terminal else PIPE_WIDTH
    return SafeConsole(
        stderr=stderr,
        highlight=False,
        markup=False,
        emoji=False,
        color_system=None,
        width=width,
    )


def operator() -> str:
    """Return `cli:` and the name of the account that runs the command."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # an account without a name, as containers have
        return "cli:unknown"
