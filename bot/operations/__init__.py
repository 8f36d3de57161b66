"""What operators ask of a running desk: is it ready, and how is it doing?"""

from bot.operations.metrics import Metrics
from bot.operations.plugins import GROUP, Companion, find_companions
from bot.operations.readiness import Check, Readiness
from bot.operations.status import Operations
from bot.ports.understanding import Model

__all__ = [
    "GROUP",
    "Check",
    "Companion",
    "Metrics",
    "Model",
    "Operations",
    "Readiness",
    "find_companions",
]
