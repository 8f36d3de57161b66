"""The threshold that bounds the error rate (`max_wrong`), verified on labelled messages.

The threshold is chosen on messages that people labelled, so that the share of wrong answers stays
below the bound with a known probability of error: learn then test, over the thresholds from the
strictest to the loosest, with an exact binomial test at each.

Source: Angelopoulos et al. 2021, arXiv:2110.01052 (fixed sequence testing); Clopper and Pearson
1934.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError
from bot.files.private_files import write_private

DOUBT = 0.10
"""Probability of choosing a threshold that does not keep the bound."""

_CAUTIOUS, _USUAL = 0.25, 0.5
"""Share of `max_wrong` that is assumed at the first test: a smaller one needs fewer labelled
messages, but tolerates fewer mistakes among them."""

_FIRST_SHARE = 0.25
"""Share of the messages that are answered at the first test, up to a maximum number."""

_STEP = 10
"""The number of missing labels is rounded up to a multiple of this: it is an estimate."""

_MOST = 30_000
"""Largest number of answers that is tried: nobody labels more."""

_TRAFFIC = "traffic.json"


@dataclass(frozen=True, slots=True)
class LabelledPredictions:
    """A model's predictions for labelled messages, without the messages themselves.

    Attributes:
        confidence: Confidence in the first intent, 0 where there is none, shape (n,).
        right: Whether that intent was right; False for out-of-scope messages, shape (n,).
    """

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]

    @classmethod
    def none(cls) -> LabelledPredictions:
        """Return an empty instance."""
        return cls(np.zeros(0), np.zeros(0, dtype=np.bool_))

    def write(self, version: Path) -> None:
        """Write it atomically into the model version that predicted."""
        document = {"confidence": self.confidence.tolist(), "right": self.right.tolist()}
        temporary = version / f"{_TRAFFIC}.{os.getpid()}"
        write_private(temporary, json.dumps(document))
        temporary.replace(version / _TRAFFIC)

    @classmethod
    def read(cls, version: Path) -> LabelledPredictions | None:
        """Read the predictions stored in a model version; None if there are none.

        Raises:
            ModelError: The file is damaged.
        """
        path = version / _TRAFFIC
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            confidence = np.array(document["confidence"], dtype=np.float64)
            right = np.array(document["right"], dtype=np.bool_)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{path}: cannot be read ({error}): run `frontdesk eval --calibrate FILE`"
            ) from error
        return cls(confidence, right)


@dataclass(frozen=True, slots=True)
class ErrorBound:
    """An upper bound on the error rate, as verified on labelled messages.

    Attributes:
        max_wrong: The bound: maximum share of wrong answers.
        labelled: Number of messages that it was tested on.
        threshold: Loosest threshold that keeps the bound; None while it is unknown.
        answered: Share of the messages that reach the threshold.
        wrong: Share of wrong answers among those.
        missing: Estimated number of further labelled messages needed; 0 with a threshold.
    """

    max_wrong: float
    labelled: int
    threshold: float | None
    answered: float
    wrong: float
    missing: int


def error_bound(predictions: LabelledPredictions, max_wrong: float) -> ErrorBound:
    """Find the loosest threshold that keeps a bound on the error rate.

    Args:
        predictions: Predictions for a random sample of customers' messages.
        max_wrong: Share of the answers that may be wrong, above 0 and below 1.
    """
    order = np.argsort(-predictions.confidence, kind="stable")
    confidence = predictions.confidence[order]
    labelled = len(order)
    count = np.arange(1, labelled + 1)
    wrong = np.cumsum(~predictions.right[order], dtype=np.int64)
    # A threshold cannot separate messages of equal confidence; 0 means that no intent was ranked.
    ends = (np.diff(confidence, append=-1.0) != 0) & (confidence > 0)
    tested = np.flatnonzero(ends & (count >= _first_test(labelled, max_wrong)))
    failed = np.flatnonzero(~is_verified(wrong[tested], count[tested], max_wrong))
    kept = int(failed[0]) if len(failed) else len(tested)
    if not kept:
        missing = _missing(wrong[ends], count[ends], labelled, max_wrong)
        return ErrorBound(max_wrong, labelled, None, 0.0, 0.0, missing)
    last = int(tested[kept - 1])
    found = float(confidence[last])
    share = float(wrong[last] / count[last])
    return ErrorBound(max_wrong, labelled, found, float(count[last] / labelled), share, 0)


def is_verified(
    wrong: NDArray[np.int64], answered: NDArray[np.int64], max_wrong: float
) -> NDArray[np.bool_]:
    """Return whether the observed errors show that the error rate is at most `max_wrong`.

    Equivalent to: the upper Clopper-Pearson bound of the error rate is at most `max_wrong`.

    Args:
        wrong: Numbers of wrong answers.
        answered: Numbers of all answers, same shape.
        max_wrong: The bound.
    """
    from scipy.special import bdtr

    luck: NDArray[np.float64] = bdtr(wrong.astype(np.float64), answered, max_wrong)
    return luck <= DOUBT


def least_answers(max_wrong: float, share: float) -> int:
    """Return how many answers verify a bound if the error rate is `share * max_wrong`."""
    for most in (300, 3_000, _MOST):
        count = np.arange(1, most)
        allowed = np.floor(share * max_wrong * count).astype(np.int64)
        enough = is_verified(allowed, count, max_wrong)
        if enough.any():
            return int(count[enough.argmax()])
    return _MOST


def _first_test(labelled: int, max_wrong: float) -> int:
    """Return the number of answers at the first test, which must not depend on the labels."""
    return max(
        least_answers(max_wrong, _CAUTIOUS),
        min(_first_at_most(max_wrong), int(labelled * _FIRST_SHARE)),
    )


def _first_at_most(max_wrong: float) -> int:
    """Return the maximum number of answers at the first test."""
    return 2 * least_answers(max_wrong, _USUAL)


def _missing(
    wrong: NDArray[np.int64], count: NDArray[np.int64], labelled: int, max_wrong: float
) -> int:
    """Estimate how many more labels are needed, if further messages resemble those so far.

    Args:
        wrong: Wrong answers at each threshold, shape (n_thresholds,).
        count: Answers at each threshold, same shape.
        labelled: Number of messages.
        max_wrong: The bound.
    """
    usual = least_answers(max_wrong, _USUAL)
    guess = max(4 * usual - labelled, usual)  # if one message in four can be answered that well
    share = (wrong + 0.5) / (count + 1)
    good = np.flatnonzero((count >= 10) & (share <= 0.8 * max_wrong))
    needs = [
        _labels(float(share[i]), float(count[i] / labelled), max_wrong) - labelled
        for i in good[:: max(len(good) // 20, 1)]
    ]
    found = min((each for each in needs if each > 0), default=guess)
    return math.ceil(found / _STEP) * _STEP


def _labels(wrong: float, answered: float, max_wrong: float) -> float:
    """Return how many labels verify that a threshold keeps a bound.

    Args:
        wrong: Error rate at the threshold.
        answered: Share of the messages that reach it.
        max_wrong: The bound.
    """
    early = answered >= _FIRST_SHARE  # the first test comes early enough, however many there are
    first = least_answers(max_wrong, _CAUTIOUS) if early else _first_at_most(max_wrong)
    return max(first, least_answers(max_wrong, wrong / max_wrong)) / answered
