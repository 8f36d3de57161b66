"""The head: multinomial logistic regression over sentence embeddings and character n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.understanding.model.features import Features, SparseRow

STRENGTH = 30.0
"""Inverse of the regularisation strength, `C` in scikit-learn; chosen by
cross-validation on training data (docs/decisions/0003-classifier.md)."""

_DIRECTIONS = 512
"""N-gram features are projected onto this many directions for fitting: exact with fewer examples;
with more, cross-validation shows no loss of accuracy."""

_ITERATIONS = 200


@dataclass(frozen=True, slots=True)
class Head:
    """Weights that turn features into one logit per class.

    Attributes:
        dense: Weights of the embeddings, shape (n_dense, n_classes).
        sparse: Weights of the n-grams, shape (n_grams, n_classes); half precision is enough.
        bias: Shape (n_classes,).
    """

    dense: NDArray[np.float32]
    sparse: NDArray[np.float16]
    bias: NDArray[np.float32]

    def probabilities(self, features: Features) -> NDArray[np.float32]:
        """Return the probability of each class, shape (n_texts, n_classes); rows sum to 1."""
        logits = features.dense @ self.dense + self.bias
        for position, row in enumerate(features.words):
            logits[position] += row.values @ self.sparse[row.columns].astype(np.float32)
        return softmax(logits)

    def mixed(self, weights: NDArray[np.float32], bias: NDArray[np.float32], share: float) -> Head:
        """Mix with a head over further dense features, which are appended to this one's.

        The weighted geometric mean of two heads' probabilities is the softmax of the weighted mean
        of their logits, so the mixture is again one head.

        Args:
            weights: Weights of the other head, shape (n_more, n_classes).
            bias: Bias of the other head, shape (n_classes,).
            share: Weight of the other head in the mean, in [0, 1].
        """
        own, other = np.float32(1 - share), np.float32(share)
        dense = np.concatenate([self.dense * own, weights * other])
        return Head(dense, self.sparse * np.float16(own), self.bias * own + bias * other)


@dataclass(frozen=True, slots=True)
class Design:
    """The design matrix of the training rows, in a reduced basis.

    Attributes:
        features: Coordinates of the rows along the axes, shape (n, n_axes).
        axes: Orthonormal axes over embeddings and projected n-grams, shape
            (n_dense + n_directions, n_axes).
        basis: Directions of the n-gram features, shape (n_grams, n_directions).
        n_dense: Number of embedding features.
    """

    features: NDArray[np.float32]
    axes: NDArray[np.float32]
    basis: NDArray[np.float32]
    n_dense: int

    def head(self, weights: NDArray[np.float32]) -> Head:
        """Return a head from fitted weights, shape (n_axes + 1, n_classes)."""
        dense, reduced = np.split(self.axes @ weights[:-1], [self.n_dense])
        sparse = (self.basis @ reduced).astype(np.float16)
        return Head(np.ascontiguousarray(dense), sparse, weights[-1])


@dataclass(frozen=True, slots=True)
class Targets:
    """The training targets of rows.

    Attributes:
        labels: The class of each row; for a near miss, the class that it is not, shape (n,).
        misses: Which rows are near misses, shape (n,).
        weights: Sample weights, shape (n,).
        n_classes: Number of classes.
    """

    labels: NDArray[np.int64]
    misses: NDArray[np.bool_]
    weights: NDArray[np.float32]
    n_classes: int

    def subset(self, rows: NDArray[np.int64]) -> Targets:
        """Return the targets of some rows."""
        return Targets(self.labels[rows], self.misses[rows], self.weights[rows], self.n_classes)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the softmax of logits along the last axis.

    >>> softmax(np.array([[0.0, 0.0]], dtype=np.float32)).tolist()
    [[0.5, 0.5]]
    """
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    total: NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
    return total


def design(features: Features, n_grams: int, seed: int) -> Design:
    """Build the design matrix.

    Args:
        features: Features of the rows.
        n_grams: Size of the vocabulary.
        seed: Seed of the random projection that is used for large corpora.
    """
    basis = _directions(features.words, n_grams, seed)
    reduced = np.stack([row.values @ basis[row.columns] for row in features.words])
    rows = np.hstack([features.dense, reduced]).astype(np.float32)
    axes = _axes(rows)
    return Design(rows @ axes, axes, basis, features.dense.shape[1])


def fit(
    features: NDArray[np.float32], targets: Targets, start: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Fit multinomial logistic regression with an L2 penalty by L-BFGS.

    Args:
        features: Shape (n, n_features).
        targets: The target of each row.
        start: Initial weights; None: zeros. The optimum is unique, so they only affect the speed.

    Returns:
        Weights, the bias last, shape (n_features + 1, n_classes).
    """
    from scipy.optimize import minimize

    rows = np.hstack([features, np.ones((len(features), 1), dtype=np.float32)])
    shape = (rows.shape[1], targets.n_classes)
    scale = 1 / (STRENGTH * max(float(targets.weights.sum()), 1.0))

    def objective(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape).astype(np.float32)
        losses, slopes = _losses(softmax(rows @ weights), targets)
        penalised = weights.copy()
        penalised[-1] = 0  # the bias is not regularised
        gradient = STRENGTH * (rows.T @ slopes) + penalised
        loss = STRENGTH * float(losses.sum()) + 0.5 * float((penalised**2).sum())
        return loss * scale, (gradient * scale).astype(np.float64).ravel()

    found = minimize(
        objective,
        np.zeros(shape).ravel() if start is None else start.astype(np.float64).ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _ITERATIONS, "ftol": 1e-6, "gtol": 1e-6},
    )
    weights: NDArray[np.float32] = found.x.reshape(shape).astype(np.float32)
    return weights


def mix(
    first: NDArray[np.float32], second: NDArray[np.float32], share: float
) -> NDArray[np.float32]:
    """Return the probabilities of a mixed head, see `Head.mixed`.

    Args:
        first: Probabilities of one head, shape (n, n_classes).
        second: Logits of the other head, same shape.
        share: Weight of the other head, in [0, 1].
    """
    logits = np.log(np.maximum(first, np.float32(1e-30)))
    return softmax(logits * np.float32(1 - share) + second * np.float32(share))


def predict(features: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return class probabilities of rows of a `Design`, shape (n, n_classes)."""
    return softmax(features @ weights[:-1] + weights[-1])


def _losses(
    probabilities: NDArray[np.float32], targets: Targets
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the loss of each row and its gradient with respect to the logits.

    The loss of an example is -log p of its class; of a near miss, -log(1 - p) of the class that
    it is not, whose gradient is that of an example spread over all other classes.
    """
    index = np.arange(len(probabilities))
    own = probabilities[index, targets.labels]
    floor = np.float32(1e-7)
    rest = np.maximum(1 - own, floor)
    losses = -np.log(np.maximum(np.where(targets.misses, 1 - own, own), floor)) * targets.weights
    slopes = probabilities.copy()
    missed = targets.misses
    slopes[missed] *= -(own[missed] / rest[missed])[:, None]
    slopes[index, targets.labels] = np.where(missed, own, own - 1)
    return losses, slopes * targets.weights[:, None]


def _axes(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return orthonormal axes of the row space, shape (n_features, n_axes).

    The optimal weights lie in the row space: with fewer rows than features, fitting along its axes
    finds the same head with less work.
    """
    count, n_features = rows.shape
    if count >= n_features:
        return np.eye(n_features, dtype=np.float32)
    axes: NDArray[np.float32] = np.linalg.qr(rows.T)[0]
    return axes


def _directions(words: Sequence[SparseRow], n_grams: int, seed: int) -> NDArray[np.float32]:
    """Return the principal directions of the n-gram features, the strongest first.

    Exact for few rows; else by random projection with two power iterations.

    Source: Halko, Martinsson and Tropp 2011, arXiv:0909.4061.
    """
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(row.columns) for row in words)])
    values = np.concatenate([row.values for row in words])
    columns = np.concatenate([row.columns for row in words])
    matrix = csr_matrix((values, columns, ends), shape=(len(words), n_grams))
    if len(words) <= 2 * _DIRECTIONS:
        strengths, vectors = np.linalg.eigh((matrix @ matrix.T).toarray().astype(np.float64))
        kept = strengths > 1e-6
        span = matrix.T @ (vectors[:, kept] / np.sqrt(strengths[kept]))
        return np.ascontiguousarray(span[:, ::-1], dtype=np.float32)
    probe = np.random.default_rng(seed).standard_normal((len(words), _DIRECTIONS + 32))
    for _ in range(2):
        probe, _triangle = np.linalg.qr(matrix @ (matrix.T @ probe.astype(np.float32)))
    left, _strengths, _right = np.linalg.svd(matrix.T @ probe, full_matrices=False)
    return np.ascontiguousarray(left[:, :_DIRECTIONS], dtype=np.float32)
