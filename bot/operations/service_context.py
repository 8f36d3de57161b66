"""What a service plugin, such as an HTTP server, can reach besides metrics and readiness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ports import Adapter
from bot.storage.engine import Database
from bot.understanding.model.registry import ModelRegistry


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """The open resources of a process, for its service plugins.

    Attributes:
        adapters: The platforms, by name.
        database: Shared by all processes of the instance.
        models: Versions of the model; `promote` publishes one, and running bots switch to it.
    """

    adapters: Mapping[str, Adapter]
    database: Database
    models: ModelRegistry
