"""What the installed adapters say of their platforms, found by entry point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.metadata import entry_points

from bot.config.types import COPY_ID
from bot.errors import Problem
from bot.ports import HasPlatformRules, PlatformRules

ADAPTERS = "frontdesk.adapters"
"""The group of entry points that adapters are found by."""


def installed_platforms() -> list[str]:
    """Return the names of the adapters that are installed; none of them is imported."""
    return sorted({entry.name for entry in entry_points(group=ADAPTERS)})


def find_rules(names: Iterable[str] | None = None) -> Mapping[str, PlatformRules]:
    """Return the rules of platforms, by the name of their adapter.

    Args:
        names: Adapters to import; one that is not installed is left out. None: all.
    """
    wanted = installed_platforms() if names is None else sorted(set(names))
    return {
        name: _rules(name, entry.load())
        for name in wanted
        for entry in entry_points(group=ADAPTERS, name=name)
    }


def with_hint(problem: Problem) -> Problem:
    """Say where the platform shows its ids, in a mistake about one under `staff.members`."""
    if problem.remedy != COPY_ID:
        return problem
    _, _, name, *_ = [*problem.key.split("."), "", ""]
    hints = [rules.id_hint for rules in find_rules([name]).values() if rules.id_hint]
    return replace(problem, remedy=": ".join([COPY_ID, *hints]))


def _rules(name: str, plugin: object) -> PlatformRules:
    """Return the rules of a plugin; of one that has none, as those for 0.1, the cautious ones."""
    return (
        plugin.rules if isinstance(plugin, HasPlatformRules) else PlatformRules(name.capitalize())
    )
