"""Groups short texts by meaning; how many groups there are is found, not given.

A text's vector is pooled with those of its nearest neighbours, which draws the texts of one intent
together; a hierarchy by Ward's criterion is built over the pooled vectors, and cut where the
silhouette of the *unpooled* vectors is best. Pooled vectors alone would always be best in tiny
groups, since pooling makes neighbours equal. How many neighbours are right depends on the size of
the groups, so both are found in turns (docs/decisions/0034-learning.md).

Sources: Ward 1963; Rousseeuw 1987 (silhouette); pooling of neighbours without fine-tuning: Lin et
al. 2025, "SPILL", arXiv:2503.15351.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FIRST_NEIGHBOURS, FEWEST_NEIGHBOURS, MOST_NEIGHBOURS = 16, 4, 20
_SHARE_OF_GROUP = 0.9
"""Neighbours that are pooled, as a share of the mean size of a group. Source of these: the training
parts of Banking77 and CLINC150, in draws of 20 to 150 intents with 12 to 40 texts each."""

_POOLINGS = 2
_TURNS = 4
_CANDIDATES = 60
"""Numbers of groups that are tried, in equal ratios, ..."""

_SMALLEST = 5
"""... up to one group for so many texts."""

_HELD_TOGETHER, _MANY = 0.5, 2 * _SMALLEST
"""Share of a group whose texts belong together, below which it is cut again, if it is so large."""

_BEYOND_CHANCE = 1.5
"""Standard deviations of the similarities of unrelated texts by which those of a group are higher,
..."""

_OF_MEDIAN = 0.6
"""... share of its group's median similarity that a member reaches, ..."""

_AS_ONE = 0.75
"""... and similarity between two groups, as a share of that within them, from which they are one.
Source of these: benchmarks/field/build/missed.yaml."""


@dataclass(frozen=True, slots=True)
class TextVectors:
    """What texts are compared by.

    Attributes:
        vectors: Unit vectors, shape (n_texts, dimension).
        similarity: By which neighbours are found, shape (n_texts, n_texts); None: the cosines.
        chance: Cosine up to which two texts are alike by chance.
    """

    vectors: NDArray[np.float32]
    similarity: NDArray[np.float32] | None = None
    chance: float = 0.0

    def of(self, rows: NDArray[np.intp]) -> TextVectors:
        """Return those of some texts."""
        among = None if self.similarity is None else self.similarity[np.ix_(rows, rows)]
        return TextVectors(self.vectors[rows], among, self.chance)

    def similarities(self) -> NDArray[np.float32]:
        """Return what neighbours are found by, shape (n_texts, n_texts)."""
        if self.similarity is not None:
            return self.similarity
        return np.asarray(self.vectors @ self.vectors.T, dtype=np.float32)


def group(texts: TextVectors) -> NDArray[np.int64]:
    """Return the number of each text's group, from 0 on; deterministic.

    Args:
        texts: The texts; each gets a group, `settled` tells which of them belong nowhere.
    """
    count = len(texts.vectors)
    if count < 2:
        return np.zeros(count, dtype=np.int64)
    similarities = texts.similarities()
    neighbours, tried = FIRST_NEIGHBOURS, set[int]()
    labels = np.arange(count)
    for _ in range(_TURNS):
        neighbours = max(min(neighbours, count // 4), 1)
        if neighbours in tried:
            break
        tried.add(neighbours)
        labels = _cut(pooled(texts.vectors, similarities, neighbours), texts.vectors)
        wanted = round(_SHARE_OF_GROUP * count / (labels.max() + 1))
        neighbours = int(np.clip(wanted, FEWEST_NEIGHBOURS, MOST_NEIGHBOURS))
    return labels


def parted(texts: TextVectors) -> NDArray[np.int64]:
    """Return the number of each text's group; groups that do not hold together are cut again.

    For few texts the best cut can be one between moods or languages, with all subjects in a group.

    Args:
        texts: As for `group`.
    """
    labels = group(texts)
    found = labels.copy()
    for each in np.unique(labels):
        rows = np.flatnonzero(labels == each)
        loose = len(_core(texts.vectors, rows, texts.chance)) < _HELD_TOGETHER * len(rows)
        if loose and _MANY <= len(rows) < len(labels):
            within = parted(texts.of(rows))
            found[rows] = np.where(within > 0, found.max() + within, each)
    return found


def pooled(
    vectors: NDArray[np.float32], similarities: NDArray[np.float32], neighbours: int
) -> NDArray[np.float32]:
    """Return each vector averaged with its nearest ones, weighted by similarity; unit vectors.

    Args:
        vectors: Unit vectors, shape (n_texts, dimension).
        similarities: Shape (n_texts, n_texts).
        neighbours: Number of other texts to pool with, below n_texts.
    """
    near = np.argpartition(-similarities, neighbours, axis=1)[:, : neighbours + 1]
    weights = np.maximum(np.take_along_axis(similarities, near, axis=1), 0.0)
    for _ in range(_POOLINGS):
        vectors = unit(np.einsum("nk,nkd->nd", weights, vectors[near]))
    return vectors


def unit(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return vectors of length 1; zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def silhouette(vectors: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Return the mean silhouette by cosine distances to the groups' means, in [-1, 1].

    A text that is alone in its group counts 0, as do all texts of a single group.
    """
    sizes = np.bincount(labels)
    if len(sizes) < 2:
        return 0.0
    sums = np.zeros((len(sizes), vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, labels, vectors)
    own = np.einsum("nd,nd->n", vectors, sums[labels]) - np.einsum("nd,nd->n", vectors, vectors)
    within = 1.0 - own / np.maximum(sizes[labels] - 1, 1)
    distances = 1.0 - vectors @ (sums / sizes[:, None]).T
    distances[np.arange(len(labels)), labels] = np.inf
    beyond = distances.min(axis=1)
    each = (beyond - within) / np.maximum(np.maximum(within, beyond), 1e-9)
    return float(np.where(sizes[labels] > 1, each, 0.0).mean())


def settled(texts: TextVectors, labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the groups without the texts that belong nowhere, which get -1; shape (n_texts,).

    A text belongs to a group when it is about as near to the others as these are to one another,
    and nearer than any two texts are by chance.
    """
    least = texts.chance
    cores = [
        _core(texts.vectors, np.flatnonzero(labels == each), least) for each in np.unique(labels)
    ]
    cores = _merged(texts.vectors, [core for core in cores if len(core)])
    found = np.full(len(labels), -1, dtype=np.int64)
    bounds = np.empty(len(cores), dtype=np.float32)
    for number, core in enumerate(cores):
        found[core] = number
        median = float(np.median(_to_others(texts.vectors[core])))
        bounds[number] = max(least, _OF_MEDIAN * median)
    alone = np.flatnonzero(found < 0)
    if len(alone) and cores:
        centers = np.stack([texts.vectors[core].mean(axis=0) for core in cores])
        near = texts.vectors[alone] @ centers.T
        best = near.argmax(axis=1)
        joins = near.max(axis=1) >= bounds[best]
        found[alone[joins]] = best[joins]
    return found


def _core(vectors: NDArray[np.float32], rows: NDArray[np.intp], least: float) -> NDArray[np.intp]:
    """Return those of a group's texts that belong together; none when no two do."""
    for _ in range(_TURNS):  # without the loners, the others are nearer to one another
        if len(rows) < 2:
            return rows[:0]
        near = _to_others(vectors[rows])
        kept = near >= max(least, _OF_MEDIAN * float(np.median(near)))
        if kept.all():
            break
        rows = rows[kept]
    together = len(rows) > 1 and float(_to_others(vectors[rows]).mean()) >= least
    return rows if together else rows[:0]


def _to_others(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean similarity of each vector to the others, shape (n,)."""
    total = vectors @ vectors.sum(axis=0) - np.einsum("nd,nd->n", vectors, vectors)
    return np.asarray(total / max(len(vectors) - 1, 1), dtype=np.float32)


def _cut(points: NDArray[np.float32], vectors: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the groups of the cut through Ward's hierarchy with the best silhouette."""
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(points, "ward")
    best, found = -np.inf, np.zeros(len(points), dtype=np.int64)
    for number in _numbers(len(points)):
        labels = np.asarray(fcluster(tree, number, "maxclust"), dtype=np.int64) - 1
        score = silhouette(vectors, labels)
        if score > best:
            best, found = score, labels
    return found


def _numbers(count: int) -> Sequence[int]:
    """Return the numbers of groups to try for a number of texts."""
    most = max(count // _SMALLEST, 2)
    return sorted({int(each) for each in np.geomspace(2, most, _CANDIDATES).round()})


def chance_level(vectors: NDArray[np.float32]) -> float:
    """Return the cosine up to which texts are alike by chance.

    Args:
        vectors: Of texts that mostly mean different things, unit vectors of shape (n, dimension).
    """
    if len(vectors) < 2:
        return 0.0
    similarities = vectors @ vectors.T
    others = similarities[~np.eye(len(similarities), dtype=np.bool_)]
    return float(others.mean() + _BEYOND_CHANCE * others.std())


def _merged(
    vectors: NDArray[np.float32], cores: Sequence[NDArray[np.intp]]
) -> list[NDArray[np.intp]]:
    """Join groups that are about as near to one another as they are in themselves.

    The best cut has at least two groups, and parts what only differs in wording or language.
    """
    left = list(cores)
    while len(left) > 1:
        within = np.array([float(_to_others(vectors[core]).mean()) for core in left])
        centers = np.stack([vectors[core].mean(axis=0) for core in left])
        across = centers @ centers.T / np.minimum(within[:, None], within[None, :])
        np.fill_diagonal(across, -np.inf)
        first, second = np.unravel_index(int(across.argmax()), across.shape)
        if across[first, second] < _AS_ONE:
            break
        joined = np.sort(np.concatenate([left[first], left[second]]))
        left = [core for place, core in enumerate(left) if place not in (first, second)]
        left.append(joined)
    return left
