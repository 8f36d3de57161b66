"""Readiness of an instance: one check for each part that answering depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check.

    Attributes:
        ok: It passed.
        details: Details for operators; no secrets, nothing that customers wrote.
    """

    ok: bool
    details: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object."""
        return {"ok": self.ok, **self.details}


@dataclass(frozen=True, slots=True)
class Readiness:
    """All checks together."""

    model: Check
    database: Check
    platforms: Mapping[str, Check]

    @property
    def ready(self) -> bool:
        """Whether customers are answered now."""
        return all(check.ok for check in (self.model, self.database, *self.platforms.values()))

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object."""
        return {
            "ready": self.ready,
            "model": self.model.to_json(),
            "database": self.database.to_json(),
            "platforms": {name: check.to_json() for name, check in self.platforms.items()},
        }
