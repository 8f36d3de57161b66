"""From when a message is answered: what an admin may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Caution = Literal["balanced", "careful"]
"""`balanced` loses few right answers; `careful` rather asks once too often."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What an admin asked for.

    Attributes:
        threshold: How cautious to be, or the confidence itself from which to answer.
        max_wrong: Share of the answers that may be wrong; replaces the threshold.
    """

    threshold: Caution | float = "balanced"
    max_wrong: float | None = None


BALANCED = Policy()
