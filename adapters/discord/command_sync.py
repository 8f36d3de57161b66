"""Whether the commands that Discord knows are those of this version: only then they are left alone.

Discord takes a limited number of registrations a day, and shows commands anew after each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from discord import app_commands

_SHAPE = ("name", "description", "type", "required", "value", "default_member_permissions")
"""What is compared of a command or an option; Discord adds ids, versions and defaults."""

_NESTED = ("options", "choices")

Described = tuple[Mapping[str, Any], ...]


def described(tree: app_commands.CommandTree[Any]) -> Described:
    """Return the commands of a tree, in the form in which they are compared."""
    return _shapes(command.to_dict(tree) for command in tree.get_commands())


async def registered(tree: app_commands.CommandTree[Any]) -> Described:
    """Return the commands that Discord knows, in the form in which they are compared.

    Raises:
        discord.HTTPException: Discord refuses, or is away.
    """
    application = tree.client.application_id
    if application is None:
        return ()
    return _shapes(await tree.client.http.get_global_commands(application))


def _shapes(commands: Iterable[Mapping[str, Any]]) -> Described:
    shaped = [_shape(command) for command in commands]
    return tuple(sorted(shaped, key=lambda command: str(command.get("name"))))


def _shape(described: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a command or an option without what is empty or Discord's own."""
    kept = {key: str(described[key]) for key in _SHAPE if described.get(key)}
    nested = {key: tuple(map(_shape, described[key])) for key in _NESTED if described.get(key)}
    return kept | nested
