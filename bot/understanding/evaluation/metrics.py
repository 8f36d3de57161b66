"""Metrics of intent classification; each is None where it is undefined, never NaN."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

BINS = 15
"""Number of bins of the calibration error."""


@dataclass(frozen=True, slots=True)
class EvaluatedTexts:
    """Labels and predictions of texts; one entry per text.

    Attributes:
        truth: Number of the right intent, -1 for out of scope.
        first: Number of the likeliest intent, -1 when there is none.
        confidence: Confidence in the likeliest intent, in [0, 1].
        answered: Whether the confidence reached the threshold.
    """

    truth: NDArray[np.int64]
    first: NDArray[np.int64]
    confidence: NDArray[np.float64]
    answered: NDArray[np.bool_]

    @property
    def decided(self) -> NDArray[np.int64]:
        """The likeliest intent if it was answered, else out of scope."""
        return np.where(self.answered, self.first, -1)

    @property
    def foreign(self) -> NDArray[np.bool_]:
        """Whether each text is out of scope."""
        foreign: NDArray[np.bool_] = self.truth == -1
        return foreign

    def take(self, rows: NDArray[np.int64]) -> EvaluatedTexts:
        """Return some rows, in any order, with repetitions."""
        return EvaluatedTexts(
            self.truth[rows], self.first[rows], self.confidence[rows], self.answered[rows]
        )


def accuracy(judged: EvaluatedTexts) -> float | None:
    """Share of right decisions; an out-of-scope text must be left unanswered."""
    return _share(judged.decided == judged.truth)


def in_scope_accuracy(judged: EvaluatedTexts) -> float | None:
    """Share of in-scope texts whose likeliest intent is right, whatever its confidence."""
    return _share((judged.first == judged.truth)[~judged.foreign])


def oos_recall(judged: EvaluatedTexts) -> float | None:
    """Share of out-of-scope texts that are left unanswered."""
    return _share(~judged.answered[judged.foreign])


def mcc(judged: EvaluatedTexts) -> float | None:
    """Matthews correlation of decisions and truth over all intents and out of scope.

    Source: Gorodkin 2004; used for intent classification by HINT3, arXiv:2009.13833.
    """
    if not len(judged.truth):
        return None
    classes, numbers = np.unique(
        np.concatenate([judged.truth, judged.decided]), return_inverse=True
    )
    truth, decided = np.split(numbers, 2)
    t = np.bincount(truth, minlength=len(classes)).astype(np.float64)
    p = np.bincount(decided, minlength=len(classes)).astype(np.float64)
    n = float(len(truth))
    spread = (n * n - float(p @ p)) * (n * n - float(t @ t))
    if spread <= 0:  # one class only, on either side
        return None
    return float((n * float((truth == decided).sum()) - float(t @ p)) / np.sqrt(spread))


def auroc(judged: EvaluatedTexts) -> float | None:
    """Probability that an in-scope text gets more confidence than an out-of-scope one.

    Ties count half.
    """
    own, foreign = judged.confidence[~judged.foreign], judged.confidence[judged.foreign]
    if not len(own) or not len(foreign):
        return None
    ordered = np.sort(foreign)
    below = np.searchsorted(ordered, own, side="left")
    not_above = np.searchsorted(ordered, own, side="right")
    return float((below + not_above).sum() / (2 * len(own) * len(foreign)))


def ece(judged: EvaluatedTexts) -> float | None:
    """Expected calibration error over in-scope texts: confidence against accuracy.

    Source: Guo et al. 2017, arXiv:1706.04599; 15 bins of equal width.
    """
    confidence = judged.confidence[~judged.foreign]
    if not len(confidence):
        return None
    right = (judged.first == judged.truth)[~judged.foreign]
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, confidence, BINS) - np.bincount(bins, right, BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def answered(judged: EvaluatedTexts) -> float | None:
    """Share of all texts that are answered."""
    return _share(judged.answered)


def wrong_of_answered(judged: EvaluatedTexts) -> float | None:
    """Share of the answers that are wrong, out-of-scope texts included."""
    return _share((judged.first != judged.truth)[judged.answered])


def oos_answered(judged: EvaluatedTexts) -> float | None:
    """Share of out-of-scope texts that are answered."""
    return _share(judged.answered[judged.foreign])


def coverage(judged: EvaluatedTexts, wrong: float) -> float | None:
    """Largest share of texts that a threshold can answer with an error rate of at most `wrong`."""
    if not len(judged.truth):
        return None
    order = np.argsort(-judged.confidence, kind="stable")
    confidence = judged.confidence[order]
    mistakes = np.cumsum((judged.first != judged.truth)[order])
    count = np.arange(1, len(order) + 1)
    # A threshold cannot separate texts of equal confidence.
    ends = np.append(confidence[1:] != confidence[:-1], True)
    allowed = ends & (mistakes <= wrong * count)
    return float(count[allowed].max(initial=0) / len(order))


def coverage_at_10(judged: EvaluatedTexts) -> float | None:
    """Coverage with at most 10 % of the answers wrong."""
    return coverage(judged, 0.10)


def coverage_at_20(judged: EvaluatedTexts) -> float | None:
    """Coverage with at most 20 % of the answers wrong."""
    return coverage(judged, 0.20)


def coverage_at_30(judged: EvaluatedTexts) -> float | None:
    """Coverage with at most 30 % of the answers wrong."""
    return coverage(judged, 0.30)


MEASURES: Mapping[str, Callable[[EvaluatedTexts], float | None]] = MappingProxyType(
    {
        measure.__name__: measure
        for measure in (
            accuracy,
            in_scope_accuracy,
            oos_recall,
            mcc,
            auroc,
            ece,
            answered,
            wrong_of_answered,
            oos_answered,
            coverage_at_10,
            coverage_at_20,
            coverage_at_30,
        )
    }
)
"""All metrics, by name."""


def _share(hits: NDArray[np.bool_]) -> float | None:
    return float(hits.mean()) if len(hits) else None
