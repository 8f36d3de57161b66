from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bot.understanding.model.features import Features, NgramFeatures
from bot.understanding.model.head import STRENGTH, Targets, design, fit, predict

TEXTS = ["where is my order", "track my order", "refund me", "money back please", "hello", "hi"]


def targets(labels: list[int], misses: list[bool] | None = None) -> Targets:
    n = len(labels)
    return Targets(
        np.array(labels),
        np.array(misses or [False] * n),
        np.ones(n, dtype=np.float32),
        max(labels) + 1,
    )


def test_probabilities_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(0)
    centres = random.standard_normal((3, 8))
    labels = random.integers(0, 3, 90)
    features = (centres[labels] + random.standard_normal((90, 8))).astype(np.float32)

    ours = predict(features, fit(features, targets(labels.tolist())))
    theirs = LogisticRegression(C=STRENGTH, max_iter=5000, tol=1e-8).fit(features, labels)

    np.testing.assert_allclose(ours, theirs.predict_proba(features), atol=0.01)


def test_a_head_for_any_text_agrees_with_the_fitted_weights() -> None:
    words = NgramFeatures.fit(TEXTS)
    dense = np.random.default_rng(0).standard_normal((len(TEXTS), 4)).astype(np.float32)
    seen = Features(
        dense, dense, [words.row(text) for text in TEXTS], np.ones(len(TEXTS), np.float32)
    )
    laid_out = design(seen, len(words.grams), seed=0)
    weights = fit(laid_out.features, targets([0, 0, 1, 1, 2, 2]))

    head = laid_out.head(weights)

    np.testing.assert_allclose(
        head.probabilities(seen), predict(laid_out.features, weights), atol=0.01
    )


def test_a_near_miss_lowers_the_intent_that_it_is_not_and_no_other() -> None:
    features = np.eye(3, dtype=np.float32)
    plain = targets([0, 1, 2])
    probe = np.array([[0.9, 0.5, 0.0]], dtype=np.float32)
    before = predict(probe, fit(features, plain))[0]

    missed = targets([0, 1, 2, 0], [False, False, False, True])
    after = predict(probe, fit(np.vstack([features, probe]), missed))[0]

    assert after[0] < before[0]
    assert after[1] > before[1]


def test_directions_of_many_examples_keep_what_tells_them_apart() -> None:
    texts = [f"{word} number {n}" for n in range(700) for word in ("order", "refund")]
    words = NgramFeatures.fit(texts)
    dense = np.zeros((len(texts), 2), dtype=np.float32)
    seen = Features(
        dense, dense, [words.row(text) for text in texts], np.ones(len(texts), np.float32)
    )
    laid_out = design(seen, len(words.grams), seed=0)

    weights = fit(laid_out.features, targets([0, 1] * 700))

    assert predict(laid_out.features, weights).argmax(1).tolist() == [0, 1] * 700


def test_fewer_examples_than_features_are_fitted_along_axes_that_lose_nothing() -> None:
    words = NgramFeatures.fit(TEXTS)
    dense = np.random.default_rng(0).standard_normal((len(TEXTS), 40)).astype(np.float32)
    seen = Features(
        dense, dense, [words.row(text) for text in TEXTS], np.ones(len(TEXTS), np.float32)
    )
    laid_out = design(seen, len(words.grams), seed=0)
    everything = laid_out.features @ laid_out.axes.T
    labels = targets([0, 0, 1, 1, 2, 2])

    assert laid_out.features.shape == (len(TEXTS), len(TEXTS))
    np.testing.assert_allclose(
        predict(laid_out.features, fit(laid_out.features, labels)),
        predict(everything, fit(everything, labels)),
        atol=1e-3,
    )


@pytest.mark.parametrize("n", [1, 2])
def test_a_single_intent_is_certain(n: int) -> None:
    features = np.ones((n, 2), dtype=np.float32)

    assert predict(features, fit(features, targets([0] * n))).tolist() == [[1.0]] * n
