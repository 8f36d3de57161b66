"""Labelled texts with the prediction for each: the input of reports and lints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.ports import Prediction
from bot.understanding.corpus import Example
from bot.understanding.evaluation.evaluate import LabelledText, Predictor
from bot.understanding.model.error_bound import LabelledPredictions
from bot.understanding.model.registry import Manifest

OUT_OF_SCOPE = "(out of scope)"
"""Used instead of an intent's name for out-of-scope texts; not a valid intent name."""


@dataclass(frozen=True, slots=True)
class LabelledPrediction:
    """A labelled text with its prediction.

    Attributes:
        expected: Name of the right intent, `OUT_OF_SCOPE`, or a label that the model does not know.
        example: The training example with its position; None for a message.
    """

    text: str
    expected: str
    prediction: Prediction
    example: Example | None = None

    @property
    def first(self) -> str:
        """The likeliest intent; `OUT_OF_SCOPE` if none was ranked."""
        intents = self.prediction.intents
        return intents[0].name if intents else OUT_OF_SCOPE

    @property
    def confidence(self) -> float:
        """Confidence in the likeliest intent."""
        return self.prediction.intents[0].confidence if self.prediction.intents else 0.0

    @property
    def is_answered(self) -> bool:
        """Whether the likeliest intent would be answered without a clarifying question."""
        return bool(self.prediction.intents) and self.confidence >= self.prediction.threshold

    @property
    def is_right(self) -> bool:
        """Whether the likeliest intent is the right one, whatever its confidence."""
        return self.first == self.expected

    def row(self) -> LabelledText:
        """Return the labelled text, with `OUT_OF_SCOPE` as the label of out-of-scope texts."""
        return LabelledText(self.text, self.expected)


def as_labelled_predictions(
    judged: Sequence[LabelledPrediction], manifest: Manifest
) -> LabelledPredictions:
    """Return the arrays that error bounds are verified on.

    Args:
        judged: A random sample of customers' messages, predicted by the model to be bounded.
        manifest: Manifest of that model.
    """
    calibration = manifest.calibration
    personal = {entry.name for entry in manifest.intents if entry.personal}
    confidence = [
        calibration.lowered(each.confidence) if each.first in personal else each.confidence
        for each in judged
    ]
    right = [each.is_right and each.first != OUT_OF_SCOPE for each in judged]
    return LabelledPredictions(
        np.array(confidence, dtype=np.float64), np.array(right, dtype=np.bool_)
    )


def labelled_predictions(
    classifier: Predictor, rows: Sequence[LabelledText], out_of_scope_label: str | None
) -> tuple[LabelledPrediction, ...]:
    """Predict labelled texts.

    Args:
        classifier: The model.
        rows: Labelled texts.
        out_of_scope_label: The label that means "out of scope".
    """
    names = {entry.label: entry.name for entry in classifier.manifest.intents}
    names |= {entry.name: entry.name for entry in classifier.manifest.intents}
    if out_of_scope_label is not None:
        names[out_of_scope_label] = OUT_OF_SCOPE
    predictions = classifier.predict([row.text for row in rows])
    return tuple(
        LabelledPrediction(row.text, names.get(row.label, row.label), prediction)
        for row, prediction in zip(rows, predictions, strict=True)
    )
