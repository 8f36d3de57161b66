"""Paired comparison of two models on the same texts: McNemar's test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.05
"""Significance level: probability of reporting a difference where there is none."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models judged on the same texts, which neither was trained on.

    Attributes:
        n: Number of texts.
        only_first_right, only_second_right: Number of texts that only one of them got right.
            Texts that both got right, or both wrong, do not show which is better.
    """

    n: int
    only_first_right: int
    only_second_right: int

    def __post_init__(self) -> None:
        differing = self.only_first_right + self.only_second_right
        if min(self.only_first_right, self.only_second_right) < 0 or differing > self.n:
            raise ValueError(f"impossible counts: {self}")

    @classmethod
    def of(cls, first_right: NDArray[np.bool_], second_right: NDArray[np.bool_]) -> Comparison:
        """Build a comparison from which texts two models got right, both of shape (n,).

        >>> Comparison.of(np.array([True, False, True]), np.array([True, True, True]))
        Comparison(n=3, only_first_right=0, only_second_right=1)
        """
        return cls(
            n=len(first_right),
            only_first_right=int((first_right & ~second_right).sum()),
            only_second_right=int((second_right & ~first_right).sum()),
        )

    @property
    def p_value(self) -> float:
        """Probability of at least this difference between two equally good models.

        Source: the exact test of McNemar 1947, two-sided.
        """
        from scipy.stats import binomtest

        differing = self.only_first_right + self.only_second_right
        return float(binomtest(self.only_second_right, differing).pvalue) if differing else 1.0

    @property
    def gain(self) -> float:
        """Accuracy of the second model minus that of the first, in [-1, 1]."""
        return (self.only_second_right - self.only_first_right) / self.n if self.n else 0.0

    def better(self, level: float = LEVEL) -> bool:
        """Return whether the second model is significantly better.

        Args:
            level: Significance level, in (0, 1).
        """
        return self.gain > 0 and self.p_value < level
