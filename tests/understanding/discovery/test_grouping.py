"""Texts of one meaning are grouped; how many groups there are is found."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.understanding.discovery.grouping import (
    TextVectors,
    group,
    parted,
    settled,
    silhouette,
    unit,
)


def blobs(sizes: list[int], *, spread: float, seed: int = 0) -> TextVectors:
    """Vectors around as many random centers as there are sizes."""
    random = np.random.default_rng(seed)
    centers = random.normal(size=(len(sizes), 32))
    rows = [
        center + spread * random.normal(size=(size, 32))
        for center, size in zip(centers, sizes, strict=True)
    ]
    return TextVectors(unit(np.vstack(rows)))


def truth(sizes: list[int]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(sizes)), sizes)


@pytest.mark.parametrize("sizes", [[12] * 8, [30, 12, 8, 20], [10, 10]])
def test_as_many_groups_are_found_as_there_are(sizes: list[int]) -> None:
    labels = group(blobs(sizes, spread=0.4))
    pairs = set(zip(truth(sizes).tolist(), labels.tolist(), strict=True))
    assert len(pairs) == len(sizes) == labels.max() + 1


def test_the_result_does_not_depend_on_the_run() -> None:
    texts = blobs([12] * 6, spread=0.8)
    assert (group(texts) == group(texts)).all()


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_few_texts_have_groups_too(count: int) -> None:
    labels = group(TextVectors(unit(np.eye(4, 8)[:count])))
    assert len(labels) == count
    assert len(settled(TextVectors(unit(np.eye(4, 8)[:count])), labels)) == count


def test_texts_that_belong_nowhere_are_in_no_group() -> None:
    sizes = [12] * 5
    near = blobs(sizes, spread=0.4).vectors
    strangers = unit(np.random.default_rng(1).normal(size=(10, 32)))
    texts = TextVectors(np.vstack([near, strangers]))
    labels = settled(texts, group(texts))
    assert (labels[: len(near)] >= 0).mean() > 0.9
    assert (labels[len(near) :] < 0).mean() > 0.7


def test_silhouette_is_best_for_the_right_groups() -> None:
    vectors = blobs([10, 10, 10], spread=0.4).vectors
    right = truth([10, 10, 10])
    assert silhouette(vectors, right) > silhouette(vectors, np.minimum(right, 1))
    assert silhouette(vectors, right) > silhouette(vectors, np.arange(30) // 5)
    assert silhouette(vectors, np.arange(30)) == 0.0


def test_messages_about_one_subject_are_one_group() -> None:
    """The best cut has two groups at least; what is alike is joined again."""
    texts = blobs([12, 12], spread=0.3)
    alone = TextVectors(texts.vectors[:12], chance=0.3)
    assert set(settled(alone, group(alone)).tolist()) == {0}
    assert group(alone).max() > 0
    both = TextVectors(texts.vectors, chance=0.3)
    assert set(settled(both, group(both)).tolist()) == {0, 1}


def moods(weight: float) -> TextVectors:
    """Vectors in two moods, each about the same five subjects."""
    random = np.random.default_rng(3)
    mood = random.normal(size=32)
    subjects = blobs([12] * 10, spread=0.5).vectors
    signs = np.repeat([1.0, -1.0], 60)[:, None]
    return TextVectors(unit(subjects + weight * signs * unit(mood[None, :])), chance=0.85)


def test_groups_that_do_not_hold_together_are_cut_again() -> None:
    texts = moods(1.5)

    assert group(texts).max() + 1 == 2
    labels = parted(texts)

    pairs = set(zip(truth([12] * 10).tolist(), labels.tolist(), strict=True))
    assert len(pairs) == labels.max() + 1 == 10


def test_groups_that_hold_together_stay_as_they_are() -> None:
    texts = blobs([12] * 8, spread=0.4)
    assert (parted(texts) == group(texts)).all()
