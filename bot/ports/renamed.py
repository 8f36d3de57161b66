"""Names of ports in 0.1, which adapters and plugins of others may still import."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

RENAMED: Mapping[str, str] = {
    "Announces": "CanNotify",
    "Choices": "Buttons",
    "Examines": "HasDiagnostics",
    "Findings": "SearchResult",
    "Ledger": "SpendLog",
    "Linked": "HasConnection",
    "Linking": "CanLink",
    "Outcome": "EventOutcome",
    "Past": "History",
    "Recalls": "CatchesUp",
    "Responds": "Responding",
    "Speaks": "CanPost",
    "Unmetered": "NullMeter",
    "Withheld": "WithheldPassage",
}
"""The name of today, by the name in 0.1; the old names leave with 0.3."""


def replacement(name: str, names: Mapping[str, object]) -> object:
    """Return what an old name of a port stands for, with a warning that says the new one.

    Args:
        name: What somebody imports.
        names: The ports of today, by name.

    Raises:
        AttributeError: It never was a port.
    """
    new = RENAMED.get(name)
    if new is None:
        raise AttributeError(f"module 'bot.ports' has no attribute {name!r}")
    warnings.warn(
        f"bot.ports.{name} is called bot.ports.{new} now; the old name leaves with 0.3",
        DeprecationWarning,
        stacklevel=3,
    )
    return names[new]


def accept_old_methods(adapter: object) -> None:
    """Let an adapter that was written for 0.1 notify staff: `notify` was called `announce`."""
    announce = getattr(adapter, "announce", None)
    if announce is None or hasattr(adapter, "notify"):
        return
    warnings.warn(
        f"{type(adapter).__name__}.announce is called notify now; the old name leaves with 0.3",
        DeprecationWarning,
        stacklevel=2,
    )
    vars(adapter)["notify"] = announce
