"""Learns a scorer from embedded rows, and how far it can be trusted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import repeat

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.understanding.encoders.encoder import Reading
from bot.understanding.model.calibration import Calibration, calibrate, oos_scores, score
from bot.understanding.model.comparison import Comparison
from bot.understanding.model.features import Features, NgramFeatures, features
from bot.understanding.model.head import Design, design, fit, mix, predict
from bot.understanding.model.neighbours import Examples, Neighbours, by_both
from bot.understanding.model.scorer import Scorer
from bot.understanding.training.dataset import TrainingRows
from bot.understanding.training.progress import Progress

FOLDS = 5
"""Parts of the training data that take turns at being judged by a head fitted on the others."""


SHARES = (0.5, 0.6, 0.7, 0.8)
"""How much the head of full training may count beside the quick one; the held-out rows choose."""


@dataclass(frozen=True, slots=True)
class Tuned:
    """The head that full training leaves behind, over embeddings by the tuned layers.

    Attributes:
        weights: Shape (dimension, n_classes).
        bias: Shape (n_classes,).
        vectors: Embeddings of all rows by the tuned layers, shape (n_rows, dimension).
        held: Logits for the judged rows by networks that had not seen them, zero for all others,
            shape (n_rows, n_classes).
        nearest: What those networks make of the judged rows' nearness to each intent's nearest
            example, zero for all others, shape (n_rows, n_intents).
    """

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    vectors: NDArray[np.float32]
    held: NDArray[np.float32]
    nearest: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Learned:
    """What training found.

    Attributes:
        comparison: Of full training: the quick head first, the mixed one second, judged on the
            same rows.
    """

    scorer: Scorer
    calibration: Calibration
    comparison: Comparison | None


def learn(
    rows: TrainingRows,
    reading: Reading,
    folds: NDArray[np.int64],
    *,
    seed: int,
    progress: Progress,
    tuned: Tuned | None = None,
) -> Learned:
    """Fit the head on everything, and the calibration on predictions for rows it had not seen.

    Args:
        rows: What to learn.
        reading: What the encoder made of the rows' texts.
        folds: Which rows are judged together, shape (n,); negative: never judged.
        seed: Of everything random.
        progress: Advances by one with each fold, and once with the final head.
        tuned: The head of full training, to mix with; its folds must be `folds`.
    """
    reading = replace(reading, tuned=None)
    with _one_fit_a_core() as cores:
        course = _lay_out(rows, reading, seed)
        weights = fit(course.design.features, rows.targets)
        progress.advance()
        held = course.judge(folds, weights, cores, progress)
        head = course.design.head(weights)
        quick = scores = held.scores(rows.n_intents)
        judged = np.flatnonzero(folds >= 0)
        if tuned is not None:
            reading = replace(reading, tuned=tuned.vectors)
            held = replace(held, nearest=by_both(held.nearest, tuned.nearest, reading.known))
            share = _best_share(rows, held, tuned.held, judged)
            held = held.mixed(tuned.held, share)
            scores = held.scores(rows.n_intents)
            head = head.mixed(tuned.weights, tuned.bias, share)
        calibration = _calibration(rows, held, judged)
    taught = course.taught
    texts, labels = [rows.texts[i] for i in taught], rows.targets.labels[taught]
    examples = Examples(texts, reading.take(taught), labels)
    seen = replace(course.seen, tuned=reading.tuned).take(taught)
    return Learned(
        Scorer(head, course.words, examples, rows.n_intents, seen),
        calibration,
        _compare(rows, quick, scores, judged) if tuned is not None else None,
    )


def cross_validate(
    rows: TrainingRows,
    reading: Reading,
    folds: NDArray[np.int64],
    *,
    seed: int,
    progress: Progress,
) -> tuple[NDArray[np.float32], Calibration]:
    """Score rows by heads that had not seen them; see `learn`, which does the same on the way.

    Returns:
        Scores of shape (n, n_intents), 0 for rows that are never judged, and what they calibrate.
    """
    with _one_fit_a_core() as cores:
        course = _lay_out(rows, reading, seed)
        weights = fit(course.design.features, rows.targets)
        held = course.judge(folds, weights, cores, progress)
        calibration = _calibration(rows, held, np.flatnonzero(folds >= 0))
    return held.scores(rows.n_intents), calibration


@dataclass(frozen=True, slots=True)
class _Course:
    """Everything that is to be learned, laid out for fitting.

    Attributes:
        taught: Rows that are no near misses, shape (n_taught,).
    """

    rows: TrainingRows
    taught: NDArray[np.int64]
    words: NgramFeatures
    seen: Features
    design: Design

    def judge(
        self,
        folds: NDArray[np.int64],
        start: NDArray[np.float32],
        cores: ThreadPoolExecutor,
        progress: Progress,
    ) -> _Held:
        """Judge the rows of each fold by a head fitted on the others.

        Args:
            folds: The fold of each row.
            start: Weights fitted on all rows: near those of each fold.
            cores: Fit a head each.
            progress: Advances by one with each fold.
        """
        n, targets = len(self.rows.texts), self.rows.targets
        probabilities = np.full((n, targets.n_classes), 1 / targets.n_classes, dtype=np.float32)
        nearest = np.zeros((n, self.rows.n_intents), dtype=np.float32)
        numbers = range(folds.max(initial=-1) + 1)
        for held, found in cores.map(self._judge, repeat(folds), numbers, repeat(start)):
            probabilities[held], nearest[held] = found.probabilities, found.nearest
            progress.advance()
        return _Held(probabilities, nearest)

    def _judge(
        self, folds: NDArray[np.int64], fold: int, start: NDArray[np.float32]
    ) -> tuple[NDArray[np.int64], _Held]:
        rows, labels = self.rows, self.rows.targets.labels
        held, others = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        weights = fit(self.design.features[others], rows.targets.subset(others), start)
        probabilities = predict(self.design.features[held], weights)
        shown = others[~rows.targets.misses[others]]
        neighbours = Neighbours(self.seen.take(shown), labels[shown])
        return held, _Held(probabilities, neighbours.nearest(self.seen.take(held), rows.n_intents))


@dataclass(frozen=True, slots=True)
class _Held:
    """What is made of rows that were held out.

    Attributes:
        probabilities: Of each class, shape (n, n_classes).
        nearest: Nearness of each intent's nearest example, 0 for rows that are not judged, shape
            (n, n_intents).
    """

    probabilities: NDArray[np.float32]
    nearest: NDArray[np.float32]

    def mixed(self, logits: NDArray[np.float32], share: float) -> _Held:
        """Mix in what another head makes of the rows, see `Head.mixed`."""
        return replace(self, probabilities=mix(self.probabilities, logits, share))

    def scores(self, n_intents: int) -> NDArray[np.float32]:
        """Return how well each intent explains each row, shape (n, n_intents)."""
        return score(self.probabilities[:, :n_intents], self.nearest)


def _lay_out(rows: TrainingRows, reading: Reading, seed: int) -> _Course:
    taught = np.flatnonzero(~rows.targets.misses)
    words = NgramFeatures.fit([rows.texts[i] for i in taught])
    seen = features(rows.texts, reading, words)
    return _Course(rows, taught, words, seen, design(seen, len(words.grams), seed))


@contextmanager
def _one_fit_a_core() -> Iterator[ThreadPoolExecutor]:
    """Fit several heads at once, each on one core.

    The matrices are too small to share one out among cores: where another program wants a core,
    too, threads that wait for each other made fitting a hundred times slower.
    """
    import scipy.optimize  # noqa: F401 - brings a BLAS of its own, which must be there to be limited

    with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as cores:
        yield cores


def assign_folds(rows: TrainingRows, seed: int) -> NDArray[np.int64]:
    """Deal the rows that may be judged into folds, every class spread evenly.

    A class with one example is not judged: without it, nothing would be known of the class.

    Returns:
        The fold of each row, -1 for rows that are always learned from, shape (n,).
    """
    folds = np.full(len(rows.texts), -1, dtype=np.int64)
    random = np.random.default_rng(seed)
    for label in range(rows.targets.n_classes):
        members = np.flatnonzero(rows.held_out & (rows.targets.labels == label))
        if len(members) > 1:
            # Each class begins at another fold, so that small classes do not crowd the first.
            folds[random.permutation(members)] = (np.arange(len(members)) + label) % FOLDS
    return folds


def _calibration(rows: TrainingRows, held: _Held, judged: NDArray[np.int64]) -> Calibration:
    """Compare the held-out scores of some rows with the truth."""
    labels, scores = rows.targets.labels[judged], held.scores(rows.n_intents)[judged]
    first = scores.argmax(axis=1)
    foreign = labels == rows.n_intents
    own = judged[~foreign]
    return calibrate(
        scores.max(axis=1),
        right=first == labels,
        out_of_scope=foreign,
        strangers=oos_scores(held.probabilities[own], held.nearest[own], labels[~foreign]),
    )


def _best_share(
    rows: TrainingRows, held: _Held, tuned: NDArray[np.float32], judged: NDArray[np.int64]
) -> float:
    """Return the share of the tuned head that judges most rows rightly; the first of equals.

    With few examples shares hardly differ; with many, tuning has learned more than the quick head.
    """
    labels = rows.targets.labels

    def right(share: float) -> int:
        first = held.mixed(tuned, share).scores(rows.n_intents)[judged].argmax(axis=1)
        return int((first == labels[judged]).sum())

    return max(SHARES, key=right)


def _compare(
    rows: TrainingRows,
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    judged: NDArray[np.int64],
) -> Comparison:
    """Compare two kinds of scores for the judged rows that are of an intent."""
    labels = rows.targets.labels
    own = judged[labels[judged] < rows.n_intents]
    return Comparison.of(
        first[own].argmax(axis=1) == labels[own], second[own].argmax(axis=1) == labels[own]
    )
