"""How somebody felt who wrote a message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Feeling(StrEnum):
    """How somebody felt who wrote a message."""

    FRUSTRATED = "frustrated"
    NEUTRAL = "neutral"
    PLEASED = "pleased"


@dataclass(frozen=True, slots=True)
class Sentiment:
    """The feeling of a message, with calibrated probabilities in [0, 1]; the rest is neutral."""

    frustrated: float
    pleased: float

    @property
    def feeling(self) -> Feeling:
        """The likeliest feeling."""
        neutral = 1 - self.frustrated - self.pleased
        if self.frustrated > max(neutral, self.pleased):
            return Feeling.FRUSTRATED
        return Feeling.PLEASED if self.pleased > neutral else Feeling.NEUTRAL
