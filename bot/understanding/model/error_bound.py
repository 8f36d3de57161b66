"""How many answers may be wrong: a promise that labelled traffic must bear out, or that is unknown.

A threshold is chosen on messages whose meaning people labelled, so that the share of wrong answers
stays below what was promised, with a known chance of being mistaken: learn then test, over the
thresholds from the strictest to the loosest, with an exact binomial test at each.

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
"""Chance that a promise is given which the traffic does not keep."""

_CAUTIOUS, _USUAL = 0.25, 0.5
"""Of the promised share of wrong answers, what the first test allows for: the less, the fewer
labelled messages it needs, and the easier one mistake upsets it."""

_FIRST_SHARE = 0.25
"""Share of the messages that are answered at the first test, as long as they are few."""

_STEP = 10
"""Missing labels are told in steps of as many: no more is known of them."""

_MOST = 30_000
"""Nobody labels more than that."""

_TRAFFIC = "traffic.json"


@dataclass(frozen=True, slots=True)
class LabelledPredictions:
    """What a model made of labelled messages; the messages themselves are not kept.

    Attributes:
        confidence: In the first intent, 0 where there is none, shape (n,).
        right: Whether that intent was right; never for messages that are out of scope, shape (n,).
    """

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]

    @classmethod
    def none(cls) -> LabelledPredictions:
        """Return no messages at all."""
        return cls(np.zeros(0), np.zeros(0, dtype=np.bool_))

    def write(self, version: Path) -> None:
        """Write it beside the model that was asked, in one go."""
        document = {"confidence": self.confidence.tolist(), "right": self.right.tolist()}
        temporary = version / f"{_TRAFFIC}.{os.getpid()}"
        write_private(temporary, json.dumps(document))
        temporary.replace(version / _TRAFFIC)

    @classmethod
    def read(cls, version: Path) -> LabelledPredictions | None:
        """Read what a model made of labelled messages; None when it was never asked.

        Raises:
            ModelError: It is damaged.
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
                f"{path}: is not readable ({error}): run `frontdesk eval --calibrate FILE`"
            ) from error
        return cls(confidence, right)


@dataclass(frozen=True, slots=True)
class ErrorBound:
    """What labelled traffic says of a promised share of wrong answers.

    Attributes:
        max_wrong: The promise.
        labelled: Number of messages that it was tested on.
        threshold: Confidence from which answering keeps it; None while that is unknown.
        answered: Share of the messages that reach the threshold.
        wrong: Share of wrong ones among those.
        missing: How many more messages should be labelled, 0 when the promise is given.
    """

    max_wrong: float
    labelled: int
    threshold: float | None
    answered: float
    wrong: float
    missing: int


def promise(traffic: LabelledPredictions, max_wrong: float) -> ErrorBound:
    """Find the loosest threshold that keeps a promise.

    Args:
        traffic: Labelled messages, drawn as customers write them.
        max_wrong: Share of the answers that may be wrong, above 0 and below 1.
    """
    order = np.argsort(-traffic.confidence, kind="stable")
    confidence = traffic.confidence[order]
    labelled = len(order)
    count = np.arange(1, labelled + 1)
    wrong = np.cumsum(~traffic.right[order], dtype=np.int64)
    # A threshold cannot part messages of equal confidence, and 0 means that nothing was understood.
    ends = (np.diff(confidence, append=-1.0) != 0) & (confidence > 0)
    tested = np.flatnonzero(ends & (count >= _first_test(labelled, max_wrong)))
    failed = np.flatnonzero(~is_borne_out(wrong[tested], count[tested], max_wrong))
    kept = int(failed[0]) if len(failed) else len(tested)
    if not kept:
        missing = _missing(wrong[ends], count[ends], labelled, max_wrong)
        return ErrorBound(max_wrong, labelled, None, 0.0, 0.0, missing)
    last = int(tested[kept - 1])
    found = float(confidence[last])
    share = float(wrong[last] / count[last])
    return ErrorBound(max_wrong, labelled, found, float(count[last] / labelled), share, 0)


def is_borne_out(
    wrong: NDArray[np.int64], answered: NDArray[np.int64], max_wrong: float
) -> NDArray[np.bool_]:
    """Tell whether so few wrong answers would be a rare luck if more than promised were wrong.

    The same as: the upper Clopper-Pearson bound of the share of wrong ones is within the promise.

    Args:
        wrong: Numbers of wrong answers.
        answered: Numbers of all answers, of the same shape.
        max_wrong: The promise.
    """
    from scipy.special import bdtr

    luck: NDArray[np.float64] = bdtr(wrong.astype(np.float64), answered, max_wrong)
    return luck <= DOUBT


def least_answers(max_wrong: float, share: float) -> int:
    """Return how many answers bear a promise out if a share of the promised mistakes happens."""
    for most in (300, 3_000, _MOST):
        count = np.arange(1, most)
        allowed = np.floor(share * max_wrong * count).astype(np.int64)
        enough = is_borne_out(allowed, count, max_wrong)
        if enough.any():
            return int(count[enough.argmax()])
    return _MOST


def _first_test(labelled: int, max_wrong: float) -> int:
    """Return the number of answers at the first test; it must not depend on the labels."""
    return max(
        least_answers(max_wrong, _CAUTIOUS),
        min(_first_at_most(max_wrong), int(labelled * _FIRST_SHARE)),
    )


def _first_at_most(max_wrong: float) -> int:
    """Return the number of answers that the first test never needs more than."""
    return 2 * least_answers(max_wrong, _USUAL)


def _missing(
    wrong: NDArray[np.int64], count: NDArray[np.int64], labelled: int, max_wrong: float
) -> int:
    """Estimate how many more labels it takes, should the next messages be like those so far.

    Args:
        wrong: Number of wrong ones among the surest messages, shape (n_thresholds,).
        count: Number of the surest messages, same shape.
        labelled: Number of messages.
        max_wrong: The promise.
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
    """Return how many labels show that a threshold keeps a promise.

    Args:
        wrong: Share of wrong answers from it on.
        answered: Share of the messages that reach it.
        max_wrong: The promise.
    """
    early = answered >= _FIRST_SHARE  # the first test comes early enough, however many there are
    first = least_answers(max_wrong, _CAUTIOUS) if early else _first_at_most(max_wrong)
    return max(first, least_answers(max_wrong, wrong / max_wrong)) / answered
