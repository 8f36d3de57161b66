"""Fits the scorer and its calibration on embedded training rows."""

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

from bot.understanding.encoders.encoder import TextEmbeddings
from bot.understanding.model.calibration import Calibration
from bot.understanding.model.comparison import Comparison
from bot.understanding.model.example_probabilities import ExampleProbabilities
from bot.understanding.model.features import Features, NgramFeatures, features
from bot.understanding.model.head import Design, Targets, design, fit, predict
from bot.understanding.model.neighbours import ExampleIndex, Neighbours
from bot.understanding.model.scorer import Scorer
from bot.understanding.training.dataset import TrainingRows
from bot.understanding.training.held_out import (
    K_SHARES,
    FineTuned,
    HeldOutPredictions,
    best_share,
    compared,
)
from bot.understanding.training.progress import Progress

FOLDS = 5
"""Number of cross-validation folds."""


@dataclass(frozen=True, slots=True)
class FittedScorer:
    """The fitted scorer with its calibration.

    Attributes:
        comparison: For full training: the quick head first, the mixed one second, on the same
            held-out rows.
        examples: The probability of their own intent of examples that were held out.
    """

    scorer: Scorer
    calibration: Calibration
    examples: ExampleProbabilities
    comparison: Comparison | None


def fit_scorer(
    rows: TrainingRows,
    reading: TextEmbeddings,
    folds: NDArray[np.int64],
    *,
    seed: int,
    progress: Progress,
    tuned: FineTuned | None = None,
) -> FittedScorer:
    """Fit the head on all rows, and the calibration on cross-validated predictions.

    Args:
        rows: The training rows.
        reading: Embeddings of the rows.
        folds: The fold of each row, shape (n,); negative: never held out.
        seed: Seed of all random numbers.
        progress: Advances by one with each fold, and once with the final head.
        tuned: The fine-tuned head to mix with, judged on some of the folds; None: quick training.
    """
    reading = replace(reading, tuned=None)
    with _one_fit_a_core() as cores:
        course = _lay_out(rows, reading, seed)
        weights = fit(course.design.features, rows.targets)
        progress.advance()
        held = course.judge(folds, weights, cores, progress)
        head = course.design.head(weights)
        labels, comparison = rows.targets.labels, None
        judged = np.flatnonzero(folds >= 0 if tuned is None else tuned.judged)
        held = held.decided(labels, judged)
        if tuned is not None:
            reading, quick = replace(reading, tuned=tuned.vectors), held.scores()
            held = held.near_by_both(tuned, reading.known)
            share = best_share(labels, held, tuned, judged)
            held = held.mixed(tuned, share).decided(labels, judged)
            head = head.mixed(tuned.weights, tuned.bias, share)
            comparison = compared(labels, quick, held.scores(), judged)
        calibration = held.calibration(labels, judged)
    taught = course.taught
    texts = [rows.texts[i] for i in taught]
    examples = ExampleIndex(texts, reading.take(taught), labels[taught])
    seen = replace(course.seen, tuned=reading.tuned).take(taught)
    return FittedScorer(
        Scorer(head, course.words, examples, rows.n_intents, seen, held.k_share),
        calibration,
        held.examples(rows, np.flatnonzero(folds >= 0)),
        comparison,
    )


def cross_validate(
    rows: TrainingRows,
    reading: TextEmbeddings,
    folds: NDArray[np.int64],
    *,
    seed: int,
    progress: Progress,
) -> tuple[NDArray[np.float32], Calibration]:
    """Score held-out rows by cross-validation, as `fit_scorer` does for its calibration.

    Returns:
        Scores, shape (n, n_intents), 0 for rows that are never held out, and their calibration.
    """
    with _one_fit_a_core() as cores:
        course = _lay_out(rows, reading, seed)
        weights = fit(course.design.features, rows.targets)
        held = course.judge(folds, weights, cores, progress)
        judged = np.flatnonzero(folds >= 0)
        held = held.decided(rows.targets.labels, judged)
        calibration = held.calibration(rows.targets.labels, judged)
    return held.scores(), calibration


@dataclass(frozen=True, slots=True)
class _FitData:
    """The training rows with their features and design matrix.

    Attributes:
        taught: Indices of the rows whose texts the model keeps, shape (n_taught,).
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
    ) -> HeldOutPredictions:
        """Predict the rows of each fold by a head fitted on the others.

        Args:
            folds: The fold of each row.
            start: Weights fitted on all rows, as initial weights.
            cores: One thread per core; each fits one head at a time.
            progress: Advances by one with each fold.
        """
        n, targets = len(self.rows.texts), self.rows.targets
        probabilities = np.full((n, targets.n_classes), 1 / targets.n_classes, dtype=np.float32)
        nearest = np.zeros((len(K_SHARES), n, self.rows.n_intents), dtype=np.float32)
        numbers = range(folds.max(initial=-1) + 1)
        for held, found in cores.map(self._judge, repeat(folds), numbers, repeat(start)):
            probabilities[held], nearest[:, held] = found.probabilities, found.nearest
            progress.advance()
        return HeldOutPredictions(probabilities, nearest)

    def _judge(
        self, folds: NDArray[np.int64], fold: int, start: NDArray[np.float32]
    ) -> tuple[NDArray[np.int64], HeldOutPredictions]:
        rows, labels = self.rows, self.rows.targets.labels
        held, others = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        human = others[~rows.learned[others]]
        shown = others[rows.shown[others]]
        neighbours = Neighbours(self.seen.take(shown), labels[shown])
        weights = fit(self.design.features[human], rows.targets.subset(human), start)
        if len(human) < len(others):
            targets = self._relabelled(weights, neighbours)
            weights = fit(self.design.features[others], targets.subset(others), weights)
        return held, self._predictions(held, weights, neighbours)

    def _relabelled(self, weights: NDArray[np.float32], neighbours: Neighbours) -> Targets:
        """Return targets with the learned rows labelled by a head of one fold.

        Their own labels come from a model that had seen the held-out examples, too: held-out
        predictions would look better than they are.
        """
        rows = self.rows
        learned = np.flatnonzero(rows.learned)
        labels = rows.targets.labels.copy()
        found = self._predictions(learned, weights, neighbours)
        labels[learned] = found.scores().argmax(axis=1)
        return replace(rows.targets, labels=labels)

    def _predictions(
        self, rows: NDArray[np.int64], weights: NDArray[np.float32], neighbours: Neighbours
    ) -> HeldOutPredictions:
        probabilities = predict(self.design.features[rows], weights)
        nearest = neighbours.nearest_by(self.seen.take(rows), self.rows.n_intents, K_SHARES)
        return HeldOutPredictions(probabilities, nearest)


def _lay_out(rows: TrainingRows, reading: TextEmbeddings, seed: int) -> _FitData:
    taught = np.flatnonzero(rows.shown)
    words = NgramFeatures.fit([rows.texts[i] for i in taught])
    seen = features(rows.texts, reading, words)
    return _FitData(rows, taught, words, seen, design(seen, len(words.grams), seed))


@contextmanager
def _one_fit_a_core() -> Iterator[ThreadPoolExecutor]:
    """Fit several heads in parallel, each on one core.

    The matrices are too small for several threads each: when another program uses a core, threads
    that wait for each other make fitting a hundred times slower.
    """
    import scipy.optimize  # noqa: F401 - loads its own BLAS, which must be loaded to be limited

    with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as cores:
        yield cores


def assign_folds(rows: TrainingRows, seed: int) -> NDArray[np.int64]:
    """Assign the rows to folds, stratified by class.

    The only example of a class is never held out: without it, the class could not be learned.

    Returns:
        The fold of each row, -1 for rows that are never held out, shape (n,).
    """
    folds = np.full(len(rows.texts), -1, dtype=np.int64)
    random = np.random.default_rng(seed)
    for label in range(rows.targets.n_classes):
        members = np.flatnonzero(rows.held_out & (rows.targets.labels == label))
        if len(members) > 1:
            # Each class starts at another fold, so that small classes do not all use the first.
            folds[random.permutation(members)] = (np.arange(len(members)) + label) % FOLDS
    return folds
