"""Evaluates a classifier on labelled texts, with a confidence interval for every figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.ports import Prediction
from bot.understanding.evaluation import metrics
from bot.understanding.model.registry import Manifest

RESAMPLES = 1_000
"""Number of bootstrap resamples per interval."""

_NONE = -1


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with its label: an intent's name, its label before import, or an unknown one."""

    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value with its 95 % bootstrap interval; None where it is undefined."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """Number of texts of one intent that were predicted as another."""

    expected: str
    predicted: str
    count: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result of an evaluation; see `bot.understanding.evaluation.metrics` for the figures.

    Attributes:
        n: Number of texts.
        figures: By name: accuracy, in_scope_accuracy, oos_recall, mcc, auroc, ece, answered,
            wrong_of_answered, oos_answered, coverage_at_10, coverage_at_20,
            coverage_at_30.
        confusions: By the first intent, whatever its confidence; the most frequent first.
    """

    n: int
    figures: dict[str, Figure]
    confusions: tuple[Confusion, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain values: each figure with `value`, `low` and `high`."""
        return {
            "n": self.n,
            **{name: asdict(figure) for name, figure in self.figures.items()},
            "confusions": [asdict(confusion) for confusion in self.confusions],
        }


class Predictor(Protocol):
    """A classifier that can be evaluated."""

    @property
    def manifest(self) -> Manifest:
        """The manifest, with the known intents and their labels."""
        ...

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """Rank the intents for texts."""
        ...


def evaluate(
    classifier: Predictor,
    rows: Sequence[LabelledText],
    *,
    out_of_scope_label: str | None = None,
    seed: int = 0,
) -> Evaluation:
    """Evaluate a classifier on labelled texts; see `assess`."""
    predictions = classifier.predict([row.text for row in rows])
    return assess(
        classifier.manifest, rows, predictions, out_of_scope_label=out_of_scope_label, seed=seed
    )


def assess(
    manifest: Manifest,
    rows: Sequence[LabelledText],
    predictions: Sequence[Prediction],
    *,
    out_of_scope_label: str | None = None,
    seed: int = 0,
) -> Evaluation:
    """Evaluate existing predictions.

    Args:
        manifest: Manifest of the model that predicted.
        rows: Texts with labels; a prediction is never right for an unknown label.
        predictions: One for each row.
        out_of_scope_label: The label that means "out of scope".
        seed: Seed of the bootstrap.
    """
    names = _Names(manifest, out_of_scope_label)
    truth = np.array([names.expected(row.label) for row in rows], dtype=np.int64)
    judged = metrics.EvaluatedTexts(
        truth=truth,
        first=np.array([names.first(prediction) for prediction in predictions], dtype=np.int64),
        confidence=np.array([_confidence(p) for p in predictions], dtype=np.float64),
        answered=np.array([_is_answered(p) for p in predictions], dtype=np.bool_),
    )
    figures = {name: _figure(measure, judged, seed) for name, measure in metrics.MEASURES.items()}
    return Evaluation(len(rows), figures, names.confusions(judged))


class _Names:
    """Maps labels to numbers: -1 is out of scope, then intents, then unknown labels."""

    def __init__(self, manifest: Manifest, out_of_scope_label: str | None) -> None:
        self._names = [entry.name for entry in manifest.intents]
        self._by_name = {name: i for i, name in enumerate(self._names)}
        self._by_label = {entry.label: i for i, entry in enumerate(manifest.intents)}
        self._by_label |= self._by_name
        if out_of_scope_label is not None:
            self._by_label[out_of_scope_label] = _NONE

    def expected(self, label: str) -> int:
        if label not in self._by_label:
            self._by_label[label] = len(self._names)
            self._names.append(label)
        return self._by_label[label]

    def first(self, prediction: Prediction) -> int:
        return self._by_name[prediction.intents[0].name] if prediction.intents else _NONE

    def confusions(self, judged: metrics.EvaluatedTexts) -> tuple[Confusion, ...]:
        wrong = (judged.truth != judged.first) & (judged.truth != _NONE) & (judged.first != _NONE)
        pairs = Counter(
            zip(judged.truth[wrong].tolist(), judged.first[wrong].tolist(), strict=True)
        )
        return tuple(
            Confusion(self._names[expected], self._names[predicted], count)
            for (expected, predicted), count in pairs.most_common()
        )


def _confidence(prediction: Prediction) -> float:
    return prediction.intents[0].confidence if prediction.intents else 0.0


def _is_answered(prediction: Prediction) -> bool:
    return bool(prediction.intents) and _confidence(prediction) >= prediction.threshold


def _figure(
    measure: Callable[[metrics.EvaluatedTexts], float | None],
    judged: metrics.EvaluatedTexts,
    seed: int,
) -> Figure:
    """Compute a metric, and its interval on bootstrap resamples of the texts."""
    value = measure(judged)
    if value is None:
        return Figure(None, None, None)
    random = np.random.default_rng(seed)
    n = len(judged.truth)
    found = (measure(judged.take(random.integers(0, n, n))) for _ in range(RESAMPLES))
    resampled: NDArray[np.float64] = np.array([one for one in found if one is not None])
    low, high = np.quantile(resampled, [0.025, 0.975]).tolist() if len(resampled) else (None, None)
    return Figure(value, low, high)
