"""Learns a scorer from embedded rows, and how far it can be trusted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bot.understanding.calibration import Calibration, calibrate, score
from bot.understanding.encoder import Reading
from bot.understanding.examples import Examples, Neighbours
from bot.understanding.features import features
from bot.understanding.head import Design, design, fit, predict
from bot.understanding.lessons import Lessons
from bot.understanding.progress import Progress
from bot.understanding.scorer import Scorer
from bot.understanding.words import Words

FOLDS = 5
"""Parts of the training data that take turns at being judged by a head fitted on the others."""


def learn(
    rows: Lessons,
    reading: Reading,
    folds: NDArray[np.int64],
    *,
    seed: int,
    progress: Progress,
) -> tuple[Scorer, Calibration]:
    """Fit the head on everything, and the calibration on predictions for rows it had not seen.

    Args:
        rows: What to learn.
        reading: What the encoder made of the rows' texts.
        folds: Which rows are judged together, shape (n,); negative: never judged.
        seed: Of everything random.
        progress: Advances by one with each fold, and once with the final head.
    """
    taught = np.flatnonzero(~rows.targets.misses)
    words = Words.fit([rows.texts[i] for i in taught])
    seen = features(rows.texts, reading, words)
    scores = np.zeros((len(rows.texts), rows.n_intents), dtype=np.float32)

    def judge(fold: int, laid_out: Design) -> None:
        """Score the rows of a fold by a head fitted on the others."""
        held, others = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        weights = fit(laid_out.features[others], rows.targets.subset(others))
        probabilities = predict(laid_out.features[held], weights)[:, : rows.n_intents]
        shown = others[~rows.targets.misses[others]]
        neighbours = Neighbours(seen.take(shown), rows.targets.labels[shown])
        scores[held] = score(probabilities, neighbours.nearest(seen.take(held), rows.n_intents))

    with _one_fit_a_core() as cores:
        laid_out = design(seen, len(words.grams), seed)
        fitted = cores.submit(fit, laid_out.features, rows.targets)
        for _ in cores.map(judge, range(folds.max(initial=-1) + 1), repeat(laid_out)):
            progress.advance()
        head = laid_out.head(fitted.result())
        progress.advance()
    calibration = _calibration(rows, scores, np.flatnonzero(folds >= 0))
    texts, labels = [rows.texts[i] for i in taught], rows.targets.labels[taught]
    examples = Examples(texts, reading.take(taught), labels)
    return Scorer(head, words, examples, rows.n_intents), calibration


@contextmanager
def _one_fit_a_core() -> Iterator[ThreadPoolExecutor]:
    """Fit several heads at once, each on one core.

    The matrices are too small to share one out among cores: where another program wants a core,
    too, threads that wait for each other made fitting a hundred times slower.
    """
    import scipy.optimize  # noqa: F401 - brings a BLAS of its own, which must be there to be limited

    with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as cores:
        yield cores


def assign_folds(rows: Lessons, seed: int) -> NDArray[np.int64]:
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


def _calibration(
    rows: Lessons, scores: NDArray[np.float32], judged: NDArray[np.int64]
) -> Calibration:
    """Compare the held-out scores of some rows with the truth."""
    labels = rows.targets.labels[judged]
    first = scores[judged].argmax(axis=1)
    return calibrate(
        scores[judged, first], right=first == labels, out_of_scope=labels == rows.n_intents
    )
