"""Grounding: each sentence of the language model is checked against its evidence.

Belongs to `gpt.answers: rephrase`. By default the articles' own sentences are shown
(`bot/answering/selection/`), which needs of this package only `parsing`, `tables`, `lexicon` and
`bounds`.
"""

from bot.answering.grounding.evidence import Evidence, ToolResult
from bot.answering.grounding.guard import CheckOutcome, CheckResult, Guard
from bot.text.sentences import Sentences

__all__ = [
    "CheckOutcome",
    "CheckResult",
    "Evidence",
    "Guard",
    "Sentences",
    "ToolResult",
]
