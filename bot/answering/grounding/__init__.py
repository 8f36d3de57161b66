"""Nothing unsupported leaves: each sentence of a model is checked before a customer sees it."""

from bot.answering.grounding.evidence import Evidence, ToolResult
from bot.answering.grounding.guard import Guard, Outcome, Verdict
from bot.text.sentences import Sentences

__all__ = [
    "Evidence",
    "Guard",
    "Outcome",
    "Sentences",
    "ToolResult",
    "Verdict",
]
