"""A kernel head solves its system, whatever its examples are."""

from __future__ import annotations

import numpy as np
import pytest

from bot.understanding.model.kernel_head import KernelHead

RIDGE = 0.05
SHARE = 0.5


@pytest.mark.parametrize("n_examples", [1, 7, 900])
@pytest.mark.parametrize("n_distinct", [1, 5, 10_000])
def test_scores_and_penalties_make_up_the_targets(n_examples: int, n_distinct: int) -> None:
    random = np.random.default_rng(n_examples)
    distinct = random.standard_normal((min(n_distinct, n_examples), 24), dtype=np.float32)
    distinct /= np.linalg.norm(distinct, axis=1, keepdims=True)
    features = distinct[random.integers(len(distinct), size=n_examples)]
    kinds = random.integers(3, size=n_examples)
    head = KernelHead.fit(features, kinds, 2, share=SHARE, ridge=RIDGE)
    counts = np.bincount(kinds, minlength=3)
    weights = np.where(kinds == 0, SHARE, (1 - SHARE) / 2) * n_examples / counts[kinds]
    made_up = head.scores(head.anchors) + (RIDGE / weights)[:, None] * head.weights
    targets = np.eye(3, dtype=np.float32)[kinds, 1:]
    assert np.abs(made_up - targets).max() < 0.05
