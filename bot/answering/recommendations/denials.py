"""Finds what customers do not want, by the trained head that reads clauses."""

from __future__ import annotations

from collections.abc import Sequence

from bot.ports import ReadsClauses
from bot.understanding.language.segments import segments

NEGATED = 0.85
"""How likely a segment must say what is not wanted, where no cue does."""


class Denials:
    """Reads the segments of a message, in one batch.

    Args:
        clauses: The head.
    """

    def __init__(self, clauses: ReadsClauses) -> None:
        self._clauses = clauses

    async def denied(self, text: str, language: str) -> Sequence[str]:
        """Return the segments of a message that say what is not wanted; never all of them."""
        parts = [each.text for each in segments(text)]
        if len(parts) < 2:
            return ()
        readings = await self._clauses.read_clauses(parts, language=language)
        found = [
            part
            for part, each in zip(parts, readings, strict=bool(readings))
            if each.negated >= NEGATED
        ]
        return found if len(found) < len(parts) else ()
