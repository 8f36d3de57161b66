"""What operators ask of a running desk: is it ready, and how is it doing?"""

from bot.operations.companions import GROUP, Companion, find_companions
from bot.operations.metrics import Metrics
from bot.operations.operations import Model, Operations
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
