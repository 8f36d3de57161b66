from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.understanding.encoders.encoder import TextEmbeddings
from bot.understanding.model.features import Features, NgramFeatures, features
from bot.understanding.model.neighbours import Neighbours, by_both

TEXTS = ["track my order", "where is it", "refund please", "hello", "good morning", "tell a joke"]
INTENTS = np.array([0, 0, 1, 3, 3, 4])  # the third of four has no example; the last is out of scope


def seen(texts: list[str], seed: int, known: float) -> Features:
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(2, len(texts), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    share = np.full(len(texts), known, dtype=np.float32)
    return features(texts, TextEmbeddings(vectors[0], vectors[1], share), NgramFeatures.fit(TEXTS))


@pytest.mark.parametrize("known", [1.0, 0.5])
def test_looking_among_the_likely_intents_finds_what_looking_everywhere_does(known: float) -> None:
    neighbours = Neighbours(seen(TEXTS, 0, known), INTENTS)
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
