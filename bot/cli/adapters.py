"""Loads adapters by entry point, with the commands that they add."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, cast

import typer

from bot.cli.options import ConfigOption, environment, settings
from bot.errors import AdapterError
from bot.ports.renamed import accept_old_methods
from bot.text.control_characters import without_controls

if TYPE_CHECKING:
    from bot.config.schema import Config
    from bot.ports import Adapter, AdapterPlugin

GROUP = "frontdesk.adapters"


def setup_lines() -> list[str]:
    """Return the lines of config.yaml that set the installed platforms up, one each."""
    from bot.config.platforms import find_rules

    return [rules.setup for rules in find_rules().values() if rules.setup]


def none_set_up() -> str:
    """Say that no platform is set up, and how to set one up."""
    lines = "".join(f"  {line}\n" for line in setup_lines())
    return (
        f"no platform is set up: add one of these lines, or several, to config.yaml\n{lines}"
        "or try the bot here with: frontdesk chat"
    )


def load_plugin(name: str) -> AdapterPlugin:
    """Return the plugin of an adapter.

    Raises:
        AdapterError: No such adapter is installed.
    """
    found = _found()
    if name not in found:
        installed = ", ".join(sorted(found)) or "none"
        raise AdapterError(f"no adapter named {name!r} is installed: install it ({installed} are)")
    return cast("AdapterPlugin", found[name].load())


def build_adapter(config: Config, name: str) -> Adapter:
    """Build the adapter for a section of config.yaml.

    Raises:
        ConfigError: A mistake in the section.
        AdapterError: No such adapter, or a token that is missing or malformed.
    """
    plugin = load_plugin(name)
    adapter = plugin.build(config.adapter_section(plugin), environment())
    accept_old_methods(adapter)
    return adapter


def build_adapters(config: Config) -> list[Adapter]:
    """Build all adapters; the errors of all of them are reported together.

    Raises:
        AdapterError: There is none, or a token is missing or malformed.
    """
    if not config.adapters:
        raise AdapterError(none_set_up())
    adapters: list[Adapter] = []
    refusals: list[str] = []
    for name in config.adapters:
        try:
            adapters.append(build_adapter(config, name))
        except AdapterError as error:
            refusals.append(str(error))
    if refusals:
        raise AdapterError("\n".join(refusals))
    return adapters


def names_of(adapters: Sequence[Adapter]) -> str:
    """Return the names of the platforms for messages."""
    return ", ".join(adapter.name for adapter in adapters)


def commands_of(name: str) -> typer.Typer | None:
    """Return the commands that an adapter brings: `frontdesk NAME COMMAND`.

    A plugin may have `commands`, a mapping from a name to a function that takes the `Config` and
    returns the text to print.

    Args:
        name: The argument typed; an adapter is imported only if it has this name.

    Returns:
        The commands; None when there is no such adapter, or it adds none.
    """
    if name not in _found():
        return None
    commands: Mapping[str, Callable[[Config], str]] = getattr(load_plugin(name), "commands", {})
    if not commands:
        return None
    group = typer.Typer(no_args_is_help=True, help=f"What the adapter {name} offers.")
    group.callback()(lambda: None)
    for command, function in commands.items():
        group.command(command, help=function.__doc__)(_printing(function))
    return group


def _printing(function: Callable[[Config], str]) -> Callable[..., None]:
    def run(config: ConfigOption = None) -> None:
        typer.echo(without_controls(function(settings(config))))

    return run


def _found() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}
