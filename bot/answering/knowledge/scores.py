"""Scores of passages for a question: what is compared with the threshold, and what ranks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BY_COVERAGE = 0.1
"""Weight of the share of a question's words that a passage holds, in the ranking alone. Source:
benchmarks/field/build/quotes.yaml and sources.yaml; StackFAQ is the same with and without."""


@dataclass(frozen=True, slots=True)
class PassageScores:
    """The scores of some passages; all of shape (n_rows,), in [0, 1].

    Attributes:
        rows: Numbers of the passages.
        joined: Weighted sum of both, comparable with the threshold.
        covered: Share of the question's words that stands in a passage.
    """

    rows: NDArray[np.int64]
    meaning: NDArray[np.float32]
    words: NDArray[np.float32]
    joined: NDArray[np.float32]
    covered: NDArray[np.float32]

    @property
    def ranked(self) -> NDArray[np.float32]:
        """The score that ranks, shape (n_rows,)."""
        return np.asarray(self.joined + _BY_COVERAGE * self.covered, dtype=np.float32)
