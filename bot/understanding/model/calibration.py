"""Calibration: maps scores to the probability of being right, and chooses thresholds on it.

Everything is fitted on held-out predictions, from heads that had not seen the examples.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

SURE = 0.5
"""Probability, at the answer threshold, that a text is in scope, with in-scope and out-of-scope
texts equally frequent."""

SURE_CAREFULLY = 0.8
"""The same for `careful`."""

MISSED_AT_LEAST = 0.01
"""Minimum share of right answers that fall below the answer threshold."""

MISSED_MORE = 0.05
"""Additional share of right answers that the threshold for personal intents may miss."""

MISSED_CAREFULLY = 0.10
"""Additional share of right answers that `careful` misses at least ..."""

MISSED_CAREFULLY_AT_MOST = 0.50
"""... and the total share that it misses at most."""

WORTH_ASKING = 0.25
"""Probability, at the ask threshold, that a text is in scope; as for `SURE`."""

MISSED_ASKING = 0.01
"""Minimum share of right intents that fall below the ask threshold."""

SIBLINGS = 3
"""Number of further intents that are removed to simulate an out-of-scope text: the likeliest ones
after its own."""

LEAKED = 0.02
"""Target share of out-of-scope examples that are answered, if it can be reached ..."""

MISSED_AT_MOST = 0.30
"""... while missing no more than this share of right answers."""

LEAKED_ASKING = 0.10
"""Target share of out-of-scope examples that are asked about, if it can be reached ..."""

MISSED_ASKING_AT_MOST = 0.10
"""... while missing no more than this share of right intents."""

_ENOUGH = 20
"""Minimum number of held-out predictions for meaningful quantiles."""

_UNKNOWN = (0.35, 0.5, 0.4, 0.15)
"""Scores used with too few examples: to answer, to answer carefully, to answer personal intents,
to ask."""


TAUGHT = "languages"
"""Setting in a manifest: ISO 639-1 codes of the languages that have examples."""

TRANSLATED = 0.8
"""Logits added to the confidence in texts in a language without examples. The curve is fitted on
texts in the examples' language; of those in others, fewer reach a threshold, and fewer of them are
wrong (docs/decisions/0022-spelling-and-languages.md)."""


@dataclass(frozen=True, slots=True)
class _Prior:
    """Gaussian prior of a logistic curve: slope 1, and probability one half at a given point.

    Attributes:
        point: The logit at which the probability is one half.
        slope, level: Precision of the prior of the slope, and of the logit at the point.
    """

    point: float
    slope: float
    level: float

    def cost(self, slope: float, intercept: float) -> float:
        """Return the penalty of a curve, to be added to the logarithmic loss."""
        level = slope * self.point + intercept
        return self.slope * (slope - 1) ** 2 + self.level * level**2


_LEVEL_FREE = (4.0, 0.1)
"""Precisions of the confidence curve's prior, centred on the mean score. Scores are products, far
below the probabilities; how far depends on the kind of training, so the level is weakly held."""

_CAUTIOUS = _Prior(point=0.0, slope=1.0, level=1.0)
"""Prior of the in-scope curve: scores are probabilities. With little data this is cautious."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A monotone map from scores to the probability of being right, and the thresholds on it.

    Attributes:
        slope, intercept: Parameters of the logistic curve over the logit of the score.
        threshold: Confidence from which an intent is answered.
        careful_threshold: The same where a wrong answer costs more than a question.
        personal_threshold: The same for intents that concern one person's data.
        ask_threshold: Confidence from which it is worth asking.
    """

    slope: float
    intercept: float
    threshold: float
    careful_threshold: float
    personal_threshold: float
    ask_threshold: float

    def confidence(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probability of being right, in [0, 1], of scores of any shape."""
        return _curve(scores, self.slope, self.intercept)

    def of_translations(self) -> Calibration:
        """Return the calibration for texts in languages that have no examples."""
        return replace(self, intercept=self.intercept + TRANSLATED)

    def raised(self, threshold: float) -> float:
        """Return the threshold for personal intents, given the one for all others."""
        return _moved(threshold, self._strictness)

    def lowered(self, confidence: float) -> float:
        """Return the confidence in a personal intent on the scale of all others.

        It reaches a threshold exactly when the confidence reaches the raised threshold.
        """
        return _moved(confidence, -self._strictness)

    @property
    def _strictness(self) -> float:
        """Difference between the thresholds of personal and other intents, in logits; >= 0."""
        usual, personal = _logit(np.array([self.threshold, self.personal_threshold])).tolist()
        return max(float(personal - usual), 0.0)


def score(
    probabilities: NDArray[np.float32], similarities: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return how well each intent explains a text: probability x similarity^3, in [0, 1].

    The probability separates the intents from each other; the similarity to the nearest example
    separates in-scope from out-of-scope texts. Their product does better than either alone.

    Args:
        probabilities: Of each intent, shape (n_texts, n_intents).
        similarities: Cosine to the nearest example of each intent, same shape.
    """
    near = np.clip(similarities, 0, 1)
    product: NDArray[np.float32] = probabilities * near**3
    return product


def oos_scores(
    probabilities: NDArray[np.float32],
    similarities: NDArray[np.float32],
    labels: NDArray[np.int64],
    *,
    siblings: int = SIBLINGS,
) -> NDArray[np.float32]:
    """Return simulated scores of out-of-scope texts, shape (n_texts,).

    An in-scope text without its own intent, and without the most similar ones, simulates an
    out-of-scope message. So the scores of such messages can be learned without any examples.

    Args:
        probabilities: Of each class, shape (n_texts, n_classes); the intents come first.
        similarities: Cosine to the nearest example of each intent, shape (n_texts, n_intents).
        labels: The intent of each text, shape (n_texts,).
        siblings: Maximum number of most similar intents to leave out; 0: the text's own alone.
    """
    rows, n_intents = np.arange(len(labels)), similarities.shape[1]
    left = probabilities.copy()
    left[rows, labels] = 0
    for _ in range(min(siblings, (n_intents - 1) // 4)):
        left[rows, score(left[:, :n_intents], similarities).argmax(axis=1)] = 0
    left /= np.maximum(left.sum(axis=1, keepdims=True), np.float32(1e-30))
    found: NDArray[np.float32] = score(left[:, :n_intents], similarities).max(axis=1)
    return found


def calibrate(
    scores: NDArray[np.float32],
    right: NDArray[np.bool_],
    out_of_scope: NDArray[np.bool_],
    strangers: NDArray[np.float32],
) -> Calibration:
    """Fit curve and thresholds on held-out predictions.

    Args:
        scores: Of the first intent of each text, shape (n,).
        right: Whether that intent was the right one, shape (n,).
        out_of_scope: Whether no intent was right, shape (n,).
        strangers: Simulated out-of-scope scores, see `oos_scores`.
    """
    logits = _logit(scores)
    middle = float(logits.mean()) if len(logits) else 0.0
    slope, intercept = _fit_curve(logits, right, _Prior(middle, *_LEVEL_FREE))
    own = ~out_of_scope
    mixed = np.concatenate([logits[own], _logit(strangers)])
    known = np.concatenate([right[own], np.zeros(len(strangers), dtype=np.bool_)])
    curve = _fit_curve(mixed, known, _CAUTIOUS)
    levels = _threshold_scores(
        scores[right],
        scores[out_of_scope],
        *(_score_at(each, *curve) for each in (SURE, SURE_CAREFULLY, WORTH_ASKING)),
    )
    thresholds = _curve(np.array(levels, dtype=np.float32), slope, intercept).tolist()
    return Calibration(slope, intercept, *thresholds)


def _threshold_scores(
    right: NDArray[np.float32],
    foreign: NDArray[np.float32],
    sure: float,
    surer: float,
    worth_asking: float,
) -> tuple[float, float, float, float]:
    """Choose the threshold scores: to answer, carefully, for personal intents, and to ask."""
    if len(right) < _ENOUGH:
        return _UNKNOWN
    least, most = np.quantile(right, [MISSED_AT_LEAST, MISSED_AT_MOST]).tolist()
    answer = _level(right, foreign, min(max(sure, least), most), LEAKED, MISSED_AT_MOST)
    rarely, often = np.quantile(right, [MISSED_ASKING, MISSED_ASKING_AT_MOST]).tolist()
    asking = max(rarely, min(worth_asking, often))
    ask = _level(right, foreign, asking, LEAKED_ASKING, MISSED_ASKING_AT_MOST)
    missed = float((right < answer).mean())
    little = float(np.quantile(right, min(missed + MISSED_CAREFULLY, 1.0)))
    much = float(np.quantile(right, MISSED_CAREFULLY_AT_MOST))
    careful = max(min(surer, much), little)
    personal = float(np.quantile(right, min(missed + MISSED_MORE, 1.0)))
    return answer, max(answer, careful), max(answer, personal), min(answer, ask)


def _level(
    right: NDArray[np.float32],
    foreign: NDArray[np.float32],
    level: float,
    leaked: float,
    missed_at_most: float,
) -> float:
    """Raise a threshold above most out-of-scope scores, if that misses few right intents."""
    if len(foreign) < _ENOUGH:
        return level
    leak = float(np.quantile(foreign, 1 - leaked))
    return max(level, min(leak, float(np.quantile(right, missed_at_most))))


def _fit_curve(
    logits: NDArray[np.float64], right: NDArray[np.bool_], prior: _Prior
) -> tuple[float, float]:
    """Fit a logistic curve over logits, regularised by a prior.

    Source: Platt 1999, with a Gaussian prior in place of his smoothed targets.
    """
    from scipy.optimize import minimize

    def loss(curve: NDArray[np.float64]) -> float:
        margins = np.where(right, 1.0, -1.0) * (curve[0] * logits + curve[1])
        return float(np.logaddexp(0, -margins).sum() + prior.cost(*curve.tolist()))

    found = minimize(loss, [1.0, 0.0], method="L-BFGS-B", bounds=[(0.05, None), (None, None)])
    slope, intercept = found.x.tolist()
    return slope, intercept


def _moved(confidence: float, logits: float) -> float:
    """Add logits to a confidence; 0 and 1 stay unchanged."""
    if not 0 < confidence < 1:
        return confidence
    odds = confidence / (1 - confidence) * math.exp(logits)
    return odds / (1 + odds)


def _score_at(confidence: float, slope: float, intercept: float) -> float:
    """Return the score that a curve maps to a confidence."""
    logit = (math.log(confidence / (1 - confidence)) - intercept) / slope
    return 1 / (1 + math.exp(-min(max(logit, -30.0), 30.0)))


def _logit(scores: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    bounded = np.clip(scores.astype(np.float64), 1e-6, 1 - 1e-6)
    logits: NDArray[np.float64] = np.log(bounded / (1 - bounded))
    return logits


def _curve(scores: NDArray[np.float32], slope: float, intercept: float) -> NDArray[np.float32]:
    confidence = 1 / (1 + np.exp(-(slope * _logit(scores) + intercept)))
    return confidence.astype(np.float32)
