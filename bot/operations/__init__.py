"""Operating a running instance: readiness, metrics, diagnostics and service plugins."""

from bot.operations.metrics import Metrics
from bot.operations.plugins import GROUP, ServicePlugin, find_service_plugins
from bot.operations.readiness import Check, Readiness
from bot.operations.status import StatusReporter
from bot.ports.understanding import Model

__all__ = [
    "GROUP",
    "Check",
    "Metrics",
    "Model",
    "Readiness",
    "ServicePlugin",
    "StatusReporter",
    "find_service_plugins",
]
