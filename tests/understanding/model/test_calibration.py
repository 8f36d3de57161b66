from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.model.calibration import (
    MISSED_AT_LEAST,
    MISSED_AT_MOST,
    Calibration,
    calibrate,
    oos_scores,
    score,
)

NOBODY = np.zeros(0, dtype=np.float32)


def test_stranger_scores_as_if_its_intent_had_never_been_taught() -> None:
    probabilities = np.array([[0.8, 0.15, 0.05]], dtype=np.float32)
    similarities = np.array([[0.9, 0.6, 0.5]], dtype=np.float32)
    found = oos_scores(probabilities, similarities, np.array([0]))
    assert found.tolist() == pytest.approx([0.75 * 0.6**3])


def test_stranger_knows_nothing_of_the_intents_most_like_its_own_either() -> None:
    probabilities = np.full((1, 9), 0.01, dtype=np.float32)
    probabilities[0, :3] = 0.6, 0.3, 0.04  # a ninth of the intents, two of them, are struck out
    similarities = np.ones((1, 9), dtype=np.float32)
    similarities[0, 8] = 0.5
    found = oos_scores(probabilities, similarities, np.array([0]))
    assert found.tolist() == pytest.approx([1 / 6])


def test_what_training_calls_none_of_these_takes_its_share_of_a_stranger() -> None:
    probabilities = np.array([[0.5, 0.1, 0.4]], dtype=np.float32)  # two intents, and none of them
    found = oos_scores(probabilities, np.ones((1, 2), dtype=np.float32), np.array([0]))
    assert found.tolist() == pytest.approx([0.1 / 0.5])


@given(st.integers(1, 12), st.integers(0, 5), st.integers(0, 1000))
def test_stranger_scores_are_scores_whatever_the_number_of_intents(
    n_intents: int, n: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    probabilities = random.dirichlet(np.ones(n_intents), n).astype(np.float32)
    similarities = random.uniform(-1, 1, (n, n_intents)).astype(np.float32)
    found = oos_scores(probabilities, similarities, random.integers(0, n_intents, n))
    assert found.shape == (n,)
    assert ((found >= 0) & (found <= 1.0001)).all()


def test_score_needs_both_probability_and_similarity() -> None:
    probabilities = np.array([1, 1, 0.5, 0], dtype=np.float32)
    similarities = np.array([1, 0, 1, 1], dtype=np.float32)
    assert score(probabilities, similarities).tolist() == [1, 0, 0.5, 0]


def missed(strangers: float) -> tuple[float, float]:
    """Return the shares of right answers that both cautions cost beside strangers like that."""
    random = np.random.default_rng(0)
    scores = random.beta(8, 2, 1000).astype(np.float32)
    right = random.random(1000) < scores**0.1
    foreign = np.clip(random.beta(8, 2, 1000) * strangers, 0, 1).astype(np.float32)
    found = calibrate(scores, right, np.zeros(1000, dtype=np.bool_), foreign)
    confidence = found.confidence(scores[right])
    assert found.ask_threshold <= found.threshold <= found.careful_threshold
    return (
        float((confidence < found.threshold).mean()),
        float((confidence < found.careful_threshold).mean()),
    )


def test_the_nearer_strangers_come_the_more_right_answers_are_given_up() -> None:
    far, nearer, alike = missed(0.2), missed(0.7), missed(1.0)
    assert far[0] == pytest.approx(MISSED_AT_LEAST, abs=0.02)
    assert far[0] < nearer[0] < alike[0]
    assert alike[0] == pytest.approx(MISSED_AT_MOST, abs=0.01)
    for balanced, careful in (far, nearer, alike):
        assert careful > balanced + 0.05


def test_with_few_examples_the_thresholds_are_fixed() -> None:
    few = np.array([0.9, 0.8], dtype=np.float32)
    found = calibrate(few, np.array([True, True]), np.array([False, False]), NOBODY)
    assert 0 < found.ask_threshold < found.threshold < found.careful_threshold < 1


@pytest.mark.parametrize("power", [1, 3, 6])
def test_few_held_out_texts_suffice_however_far_scores_lie_below_probabilities(power: int) -> None:
    random = np.random.default_rng(0)
    likely = random.beta(4, 1, 60)
    right = random.random(60) < likely
    scores = (likely**power / 2).astype(np.float32)
    found = calibrate(scores, right, np.zeros(60, dtype=np.bool_), NOBODY)
    assert found.confidence(scores).mean() == pytest.approx(right.mean(), abs=0.01)


def test_nothing_held_out_leaves_a_curve_that_rises() -> None:
    found = calibrate(NOBODY, NOBODY > 0, NOBODY > 0, NOBODY)
    low, high = found.confidence(np.array([0.1, 0.9], dtype=np.float32)).tolist()
    assert 0 < low < high < 1


def test_the_same_score_is_trusted_more_in_a_language_without_examples() -> None:
    calibration = Calibration(1.0, 2.0, 0.8, 0.85, 0.84, 0.6)

    translated = calibration.of_translations()

    scores = np.array([0.1, 0.5], dtype=np.float32)
    assert (translated.confidence(scores) > calibration.confidence(scores)).all()
    assert translated.threshold == calibration.threshold
