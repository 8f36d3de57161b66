"""Service plugins: side services such as health checks, found by entry point."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

import structlog

if TYPE_CHECKING:
    from bot.config.schema import ServeConfig
    from bot.operations.status import StatusReporter

log = structlog.get_logger(__name__)

GROUP = "frontdesk.services"
"""Entry-point group of service plugins."""

FORMER_GROUP = "frontdesk.companions"
"""The group's name in version 0.1, still loaded in 0.2 with a warning."""


class ServicePlugin(Protocol):
    """What an entry point of the group resolves to: opened while the instance serves."""

    def __call__(
        self, config: ServeConfig, operations: StatusReporter
    ) -> AbstractAsyncContextManager[None]:
        """Open the service; leaving the context closes it.

        Raises:
            FrontdeskError: On entering: it cannot be opened; the message says how to fix it.
        """
        ...


def find_service_plugins() -> Sequence[ServicePlugin]:
    """Return the installed service plugins, sorted by name; a name in both groups counts once."""
    found = {entry.name: entry for entry in entry_points(group=FORMER_GROUP)}
    current = {entry.name: entry for entry in entry_points(group=GROUP)}
    for name in sorted(found.keys() - current.keys()):
        log.warning(
            "entry point group renamed",
            plugin=name,
            reason=f"rename {FORMER_GROUP} to {GROUP} in the plugin's pyproject.toml and "
            "reinstall it: the old name is no longer loaded from 0.3 on",
        )
    return [entry.load() for _, entry in sorted((found | current).items())]
