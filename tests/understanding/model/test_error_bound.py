from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import beta

from bot.errors import ModelError
from bot.understanding.model.calibration import Calibration
from bot.understanding.model.error_bound import (
    DOUBT,
    LabelledPredictions,
    error_bound,
    is_verified,
    least_answers,
)
from bot.understanding.model.thresholds import Policy, choose

CALIBRATION = Calibration(1.0, 0.0, 0.5, 0.7, 0.6, 0.2)
SHARES = st.floats(0.01, 0.5)
MESSAGES = st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=200)


def labelled(messages: list[tuple[int, bool]]) -> LabelledPredictions:
    """Messages with confidence in twentieths."""
    confidence = np.array([each for each, _ in messages], dtype=np.float64) / 20
    return LabelledPredictions(
        confidence, np.array([right for _, right in messages], dtype=np.bool_)
    )


def like_customers(n: int, right: float, seed: int) -> LabelledPredictions:
    """Messages of which a share is right, whatever their confidence."""
    random = np.random.default_rng(seed)
    return LabelledPredictions(random.random(n), random.random(n) < right)


@given(st.integers(1, 500), st.integers(0, 500), SHARES)
def test_promise_is_borne_out_just_when_the_clopper_pearson_bound_is_within_it(
    answered: int, wrong: int, share: float
) -> None:
    wrong = min(wrong, answered)
    bound = beta.ppf(1 - DOUBT, wrong + 1, answered - wrong) if wrong < answered else 1.0
    if abs(bound - share) > 1e-9:
        borne_out = is_verified(np.array([wrong]), np.array([answered]), share)
        assert borne_out.tolist() == [bound <= share]


@given(MESSAGES, SHARES)
def test_given_promise_holds_on_its_own_traffic_and_counts_what_it_answers(
    messages: list[tuple[int, bool]], share: float
) -> None:
    seen = labelled(messages)
    found = error_bound(seen, share)
    assert found.labelled == len(messages)
    if found.threshold is None:
        assert found.missing > 0
        return
    answered = seen.confidence >= found.threshold
    assert found.threshold > 0
    assert found.answered == pytest.approx(answered.mean())
    assert found.wrong == pytest.approx((~seen.right[answered]).mean())
    assert found.wrong <= share
    assert found.missing == 0


@given(MESSAGES, SHARES, st.randoms())
def test_order_of_the_messages_changes_nothing(
    messages: list[tuple[int, bool]], share: float, random: object
) -> None:
    shuffled = list(messages)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types it as object
    assert error_bound(labelled(shuffled), share) == error_bound(labelled(messages), share)


def test_promise_that_is_not_true_is_given_once_in_ten_at_most() -> None:
    broken = [
        error_bound(like_customers(400, right=0.89, seed=seed), 0.10).threshold is not None
        for seed in range(200)
    ]
    assert np.mean(broken) <= DOUBT + 0.04


def test_promise_that_is_true_by_far_is_mostly_given() -> None:
    found = [error_bound(like_customers(400, right=0.99, seed=seed), 0.10) for seed in range(50)]
    assert np.mean([each.answered for each in found]) > 0.9


def test_without_labels_the_promise_is_unknown_and_says_how_many_it_takes() -> None:
    found = error_bound(LabelledPredictions.none(), 0.05)
    assert found.threshold is None
    assert found.missing >= least_answers(0.05, 0.5)


def test_estimate_of_what_is_missing_is_about_right() -> None:
    few = like_customers(40, right=0.975, seed=3)
    found = error_bound(few, 0.05)
    assert found.threshold is None
    more = [
        error_bound(like_customers(40 + found.missing, right=0.975, seed=seed), 0.05).threshold
        for seed in range(20)
    ]
    assert sum(each is not None for each in more) >= 5


def test_no_handful_of_labels_is_asked_for_where_only_the_surest_tenth_is_right() -> None:
    def drawn(n: int, seed: int) -> LabelledPredictions:
        random = np.random.default_rng(seed)
        confidence = random.random(n)
        return LabelledPredictions(
            confidence, random.random(n) < np.where(confidence > 0.9, 1.0, 0.8)
        )

    found = error_bound(drawn(600, 0), 0.05)
    assert found.threshold is None
    assert found.missing >= 100
    more = [error_bound(drawn(600 + found.missing, seed), 0.05).threshold for seed in range(20)]
    assert sum(each is not None for each in more) >= 5


@pytest.mark.parametrize(("share", "answers"), [(0.05, 45), (0.10, 22), (0.20, 11)])
def test_without_a_mistake_as_many_answers_are_enough_as_worked_out_by_hand(
    share: float, answers: int
) -> None:
    assert least_answers(share, 0.0) == answers  # the first n with (1 - share)^n <= 0.1


def test_traffic_comes_back_as_it_was_written(tmp_path: Path) -> None:
    seen = labelled([(3, True), (7, False)])
    seen.write(tmp_path)
    read = LabelledPredictions.read(tmp_path)
    assert read is not None
    assert read.confidence.tolist() == seen.confidence.tolist()
    assert read.right.tolist() == [True, False]
    assert [path.name for path in tmp_path.iterdir()] == ["traffic.json"]


@pytest.mark.parametrize("content", ["", "[]", '{"confidence": ["x"], "right": [true]}', "{"])
def test_damaged_traffic_is_refused_with_the_remedy(tmp_path: Path, content: str) -> None:
    (tmp_path / "traffic.json").write_text(content)
    with pytest.raises(ModelError, match="run `frontdesk eval --calibrate FILE`"):
        LabelledPredictions.read(tmp_path)


def test_unknown_promise_falls_back_to_careful() -> None:
    unknown = choose(Policy(max_wrong=0.05), CALIBRATION, None)
    careful = choose(Policy("careful"), CALIBRATION, None)
    assert (unknown.answer, unknown.personal, unknown.ask) == (
        careful.answer,
        careful.personal,
        careful.ask,
    )
    assert unknown.answer == CALIBRATION.careful_threshold
    assert unknown.error_bound is not None
    assert unknown.error_bound.missing > 0


def test_promise_sets_the_threshold_and_keeps_personal_intents_stricter() -> None:
    kept = choose(Policy(max_wrong=0.1), CALIBRATION, like_customers(400, right=0.99, seed=0))
    assert kept.error_bound is not None
    assert kept.answer == kept.error_bound.threshold
    assert kept.answer < kept.personal
    assert kept.ask <= kept.answer


@given(st.floats(0, 1), st.floats(0, 1))
def test_lowered_confidence_reaches_a_threshold_when_the_confidence_reaches_the_raised_one(
    confidence: float, threshold: float
) -> None:
    raised, lowered = CALIBRATION.raised(threshold), CALIBRATION.lowered(confidence)
    assert raised >= threshold
    assert lowered <= confidence
    if abs(confidence - raised) > 1e-9:
        assert (confidence >= raised) == (lowered >= threshold)


@given(st.floats(0, 1), st.sampled_from(["balanced", "careful"]))
def test_thresholds_are_ordered_whatever_is_asked_for(number: float, name: str) -> None:
    for policy in (Policy(number), Policy(name)):  # type: ignore[arg-type]  # hypothesis yields str
        found = choose(policy, CALIBRATION, None)
        assert 0 <= found.ask <= found.answer <= found.personal <= 1


def confidences(*values: float) -> NDArray[np.float64]:
    return np.array(values)


def test_what_was_not_understood_is_never_answered() -> None:
    seen = LabelledPredictions(confidences(*[0.0] * 100), np.ones(100, dtype=np.bool_))
    assert error_bound(seen, 0.1).threshold is None
