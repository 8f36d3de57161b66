from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.understanding.encoders.encoder import TextEmbeddings
from bot.understanding.model.features import Features, NgramFeatures, features
from bot.understanding.model.neighbours import NEAREST, ROBUST, Neighbours, by_both, by_intent

TEXTS = ["track my order", "where is it", "refund please", "hello", "good morning", "tell a joke"]
INTENTS = np.array([0, 0, 1, 3, 3, 4])  # the third of four has no example; the last is out of scope


def seen(texts: list[str], seed: int, known: float) -> Features:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(2, len(texts), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    share = np.full(len(texts), known, dtype=np.float32)
    return features(texts, TextEmbeddings(vectors[0], vectors[1], share), NgramFeatures.fit(TEXTS))


@pytest.mark.parametrize("k_share", [NEAREST, 0.8])
@pytest.mark.parametrize("known", [1.0, 0.5])
def test_looking_among_the_likely_intents_finds_what_looking_everywhere_does(
    known: float, k_share: float
) -> None:
    neighbours = Neighbours(seen(TEXTS, 0, known), INTENTS, k_share)
    asked = seen(["where is my order", "joke", "hello"], 1, known)
    likely = np.array([[0, 2], [3, 1], [1, 0]])
    everywhere = neighbours.nearest(asked, 4)
    among = neighbours.nearest(asked, 4, among=likely)
    rows = np.arange(3)[:, None]
    assert among[rows, likely] == pytest.approx(everywhere[rows, likely], abs=1e-6)
    assert everywhere[0, 2] == 0


def test_after_full_training_a_text_must_be_near_by_the_tuned_layers_too() -> None:
    examples, asked = seen(TEXTS, 0, 1.0), seen(["where is my order"], 1, 1.0)
    near = Neighbours(examples, INTENTS).nearest(asked, 4)
    random = np.random.default_rng(4)
    tuned = random.normal(size=(len(TEXTS), 8)).astype(np.float32)
    tuned /= np.linalg.norm(tuned, axis=1, keepdims=True)
    both = Neighbours(replace(examples, tuned=tuned), INTENTS)

    as_the_third = both.nearest(replace(asked, tuned=tuned[2:3]), 4)
    assert as_the_third[0, 1] == pytest.approx(near[0, 1], abs=1e-6)
    expected = near[0, 3] * max(0, *(tuned[3:5] @ tuned[2]))
    assert as_the_third[0, 3] == pytest.approx(expected, abs=1e-6)


def test_the_tuned_layers_say_nothing_of_what_the_encoder_does_not_know() -> None:
    nearest, tuned = np.full((2, 1), 0.8, np.float32), np.zeros((2, 1), np.float32)

    assert by_both(nearest, tuned, np.array([0, 1], np.float32)).ravel() == pytest.approx([0.8, 0])


def test_one_wrong_example_hardly_makes_an_intent_near() -> None:
    near = np.array([[0.9, *[0.1] * 19, *[0.8] * 20]], dtype=np.float32)
    intents = np.repeat([0, 1], 20)  # the first example of the first intent is wrong

    nearest, robust = by_intent(near, intents, 2, (NEAREST, ROBUST))[:, 0]

    assert nearest.tolist() == pytest.approx([0.9, 0.8])
    assert robust.tolist() == pytest.approx([(0.9 * 0.1) ** 0.5, 0.8])


def test_below_fifteen_examples_the_nearest_one_counts_alone() -> None:
    random = np.random.default_rng(0)
    near = random.uniform(-1, 1, (5, 14 + 15)).astype(np.float32)
    intents = np.repeat([0, 1], [14, 15])

    nearest, robust = by_intent(near, intents, 2, (NEAREST, ROBUST))

    assert np.array_equal(nearest[:, 0], robust[:, 0])
    assert (robust[:, 1] < nearest[:, 1]).all()


def test_robust_nearness_counts_the_tuned_layers_for_the_kth_example_too() -> None:
    examples, asked = seen(["order"] * 20, 0, 1.0), seen(["where is my order"], 1, 1.0)
    random = np.random.default_rng(4)
    tuned = random.normal(size=(20, 8)).astype(np.float32)
    tuned /= np.linalg.norm(tuned, axis=1, keepdims=True)
    both = Neighbours(replace(examples, tuned=tuned), np.zeros(20, np.int64), ROBUST)
    asked = replace(asked, tuned=tuned[:1])

    def mean(near: np.ndarray) -> float:
        first, second = np.sort(near)[::-1][:2]
        return float((first * second) ** 0.5)

    expected = mean(asked.meaning[0] @ examples.meaning.T) * mean(tuned @ tuned[0])
    for among in (None, np.array([[0]])):
        assert both.nearest(asked, 1, among=among)[0, 0] == pytest.approx(expected, abs=1e-6)
