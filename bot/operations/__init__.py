"""What operators ask of a running desk: is it ready, and how is it doing?"""

from bot.operations.plugins import GROUP, Companion, find_companions
from bot.operations.metrics import Metrics
from bot.operations.status import Model, Operations
from bot.operations.readiness import Check, Readiness

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
