"""Is the desk ready? One check for each thing that it cannot answer without."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Check:
    """One thing, looked at.

    Attributes:
        ok: It is as it should be.
        details: What an operator wants to know of it; no secrets, no words of customers.
    """

    ok: bool
    details: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it for machines."""
        return {"ok": self.ok, **self.details}


@dataclass(frozen=True, slots=True)
class Readiness:
    """All checks together."""

    model: Check
    database: Check
    platforms: Mapping[str, Check]

    @property
    def ready(self) -> bool:
        """Customers are answered now."""
        return all(check.ok for check in (self.model, self.database, *self.platforms.values()))

    def to_json(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "ready": self.ready,
            "model": self.model.to_json(),
            "database": self.database.to_json(),
            "platforms": {name: check.to_json() for name, check in self.platforms.items()},
        }
