"""What runs beside the adapters: found by entry point, so that the core knows none of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.config.schema import ServeConfig
    from bot.operations.status import Operations

GROUP = "frontdesk.companions"
"""The group of entry points that companions are found by."""


class ServicePlugin(Protocol):
    """What an entry point of the group resolves to: something open while the desk serves."""

    def __call__(
        self, config: ServeConfig, operations: Operations
    ) -> AbstractAsyncContextManager[None]:
        """Open it; leaving the context closes it.

        Raises:
            FrontdeskError: On entering: it cannot be opened; the message says how to mend it.
        """
        ...


def find_service_plugins() -> Sequence[ServicePlugin]:
    """Return the companions that are installed, by name."""
    return [entry.load() for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name)]
