"""Grounding: each sentence of the language model is checked against its evidence."""

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
