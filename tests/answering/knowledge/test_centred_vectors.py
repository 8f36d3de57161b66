"""What a question in another language is compared with: what passages do not all have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.knowledge.centred_vectors import CentredVectors
from bot.answering.knowledge.vectors import PassageVectors


def directions(*rows: Sequence[float]) -> NDArray[np.float32]:
    vectors = np.array(rows, dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def passages(wholes: NDArray[np.float32]) -> PassageVectors:
    """Return passages of one sentence each; what questions have in common is the first axis."""
    return PassageVectors(
        wholes=wholes,
        sentences=wholes,
        starts=np.arange(len(wholes)),
        floors=np.zeros(len(wholes), dtype=np.float32),
        everyday=directions([1.0, 0.0, 0.0, 0.0, 0.2], [1.0, 0.0, 0.0, 0.0, -0.2]),
    )


def test_what_all_passages_say_does_not_choose_one() -> None:
    about_shop, about_returns = [1.0, 0.0, 0.0, 0.0, 0.0], [3.0, 4.0, 0.0, 0.0, 0.0]
    about_hours, about_prices = [3.0, 0.0, 4.0, 0.0, 0.0], [3.0, 0.0, 0.0, 4.0, 0.0]
    vectors = passages(directions(about_shop, about_returns, about_hours, about_prices))
    question = directions([3.0, 1.0, 0.0, 0.0, 0.0])[0]
    everything = np.arange(4)
    assert np.argmax(vectors.relatedness(question, everything)) == 0
    centred = CentredVectors(vectors, ["en"] * 4)
    assert np.argmax(centred.relatedness(question, everything)) == 1
    assert np.argmax(centred.roughly(question)) == 1


def test_some_passages_reach_what_they_reach_among_all() -> None:
    draw = np.random.default_rng(0).standard_normal((12, 5))
    centred = CentredVectors(passages(directions(*draw)), ["en", "zh"] * 6)
    question = directions([1.0, 2.0, 3.0, 4.0, 5.0])[0]
    rows = np.array([1, 4, 7])
    everything = centred.relatedness(question, np.arange(12))
    assert np.allclose(centred.relatedness(question, rows), everything[rows])
    assert 0.0 <= everything.min() < everything.max() <= 1.0


def test_the_only_passage_in_a_language_is_found() -> None:
    only = directions([1.0, 2.0, 0.0, 0.0, 0.0])
    centred = CentredVectors(passages(only), ["zh"])
    assert centred.relatedness(only[0], np.arange(1))[0] > 0.5


def test_without_passages_nothing_is_related() -> None:
    centred = CentredVectors(passages(np.zeros((0, 5), dtype=np.float32)), [])
    nothing = np.arange(0)
    assert centred.relatedness(np.ones(5, dtype=np.float32), nothing).shape == (0,)
